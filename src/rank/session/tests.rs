use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::id::Ids;

const DAY: Duration = Duration::from_secs(86_400);
const WEEK: u64 = 7 * 86_400_000;
const NOW: u64 = 1_750_000_000_000;

fn key() -> SigningKey {
    SigningKey::from([7; 32])
}

fn id(bits: u128) -> ActivityId {
    bits.into()
}

/// Ids as stores have them, as others make them, few and many times over, and of any bits.
fn ids() -> impl Strategy<Value = Vec<ActivityId>> {
    let made = prop::collection::vec((NOW - WEEK..NOW, 0..3_usize), 0..200).prop_map(|of| {
        let makers = [Ids::new(1), Ids::new(2), Ids::new(3).after_openings(9)];
        of.iter().map(|(at, by)| makers[*by].make(*at)).collect()
    });
    let some = prop::collection::vec(0..20_u128, 0..60)
        .prop_map(|ids| ids.into_iter().map(id).collect::<Vec<_>>());
    let any_bits = prop::collection::vec(any::<u128>(), 0..60)
        .prop_map(|ids| ids.into_iter().map(id).collect::<Vec<_>>());
    let extremes = prop::collection::vec(
        prop::sample::select(vec![ActivityId::MIN, ActivityId::MAX, id(1 << 127)]),
        0..9,
    );
    let mixed = (made.clone(), any_bits.clone()).prop_map(|(made, any)| [made, any].concat());
    prop_oneof![made.prop_shuffle(), some, any_bits, extremes, mixed]
}

fn sessions() -> impl Strategy<Value = Session> {
    let began = prop_oneof![
        any::<u128>(),
        Just(u128::from(NOW) << 80),
        Just(0),
        Just(u128::MAX)
    ];
    (
        any::<u128>(),
        began,
        any::<[u8; 8]>(),
        ids(),
        any::<(u16, u16)>(),
    )
        .prop_map(
            |(reader, began, ranking, order, (shown, dropped))| Session {
                reader: Uuid::from_u128(reader).into(),
                began: id(began),
                ranking,
                order,
                shown,
                dropped,
            },
        )
}

fn session(order: Vec<ActivityId>) -> Session {
    Session {
        reader: ActorId::from(42),
        began: Ids::new(1).make(NOW),
        ranking: *b"by likes",
        order,
        shown: 20,
        dropped: 0,
    }
}

fn refusal(cursor: &RankedCursor) -> Error {
    let error = Session::verified(cursor, &key()).unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::Cursor, "ranked")
    );
    assert!(error.message().ends_with("; begin again without a cursor"));
    error
}

/// What is read from bytes that have the right sign has a cursor of its own.
fn read_or_refuse(bytes: &[u8]) {
    let cursor = RankedCursor::of(bytes);
    match Session::verified(&cursor, &key()) {
        Err(_) => drop(refusal(&cursor)),
        Ok(session) => {
            let again = session.signed(&key()).unwrap();
            assert_eq!(Session::verified(&again, &key()).unwrap(), session);
        }
    }
}

/// Numbers that look as if drawn by chance, and are the same in each run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

/// So many ids of a week, in any order, in which so many were made a second.
fn week(count: usize, a_second: u64) -> Vec<ActivityId> {
    let mut chance = Chance(1);
    let mut at: Vec<u64> = (0..count).map(|_| chance.next() % WEEK).collect();
    at.sort_unstable();
    let before = |at: u64| at * a_second / 1_000;
    let mut ids: Vec<(u64, ActivityId)> = (0..)
        .zip(at)
        .map(|(number, at)| {
            let made = before(at) + number;
            let id = Ids::continued(0x123_4567, made).make(NOW - WEEK + at);
            (chance.next(), id)
        })
        .collect();
    ids.sort_unstable();
    ids.into_iter().map(|(_, id)| id).collect()
}

fn bytes_an_item(order: Vec<ActivityId>) -> f64 {
    let count = order.len();
    let size = session(order)
        .signed(&key())
        .unwrap()
        .bytes()
        .unwrap()
        .len();
    (size - BESIDE) as f64 / count as f64
}

proptest! {
    #[test]
    fn a_session_survives_its_cursor(session in sessions()) {
        let cursor = session.signed(&key()).unwrap();
        prop_assert_eq!(Session::verified(&cursor, &key()).unwrap(), session.clone());
        let text: RankedCursor = cursor.to_string().parse().unwrap();
        prop_assert_eq!(Session::verified(&text, &key()).unwrap(), session);
        let json = serde_json::to_string(&cursor).unwrap();
        prop_assert_eq!(serde_json::from_str::<RankedCursor>(&json).unwrap(), cursor);
    }

    #[test]
    fn a_cursor_is_at_most_63_bytes_and_16_for_each_item(session in sessions()) {
        let bytes = session.signed(&key()).unwrap().bytes().unwrap().len();
        prop_assert!(bytes <= 63 + 16 * session.order.len());
    }

    #[test]
    fn another_key_is_refused(session in sessions(), other: [u8; 32]) {
        prop_assume!(other != [7; 32]);
        refusal(&session.signed(&other.into()).unwrap());
    }

    #[test]
    fn every_bit_counts(session in sessions(), at in any::<prop::sample::Index>()) {
        let mut bytes = session.signed(&key()).unwrap().bytes().unwrap();
        let at = at.index(bytes.len() * 8);
        bytes[at / 8] ^= 1 << (at % 8);
        refusal(&RankedCursor::of(&bytes));
    }

    #[test]
    fn a_cursor_cut_short_is_refused(session in sessions(), at in any::<prop::sample::Index>()) {
        let text = session.signed(&key()).unwrap().to_string();
        let cut = &text[..at.index(text.len())];
        match cut.parse() {
            Ok(cut) => drop(refusal(&cut)),
            Err(_) => prop_assert!(cut.is_empty()),
        }
    }

    #[test]
    fn a_cursor_with_something_after_it_is_refused(session in sessions(), more in "[A-Za-z0-9_-]{1,9}") {
        let text = session.signed(&key()).unwrap().to_string() + &more;
        refusal(&text.parse().unwrap());
    }

    #[test]
    fn text_of_the_alphabet_is_no_cursor(text in "[A-Za-z0-9_-]{1,200}") {
        refusal(&text.parse().unwrap());
    }

    #[test]
    fn text_that_is_none_is_refused_when_it_is_parsed(text in "[A-Za-z0-9_-]{0,9}[^A-Za-z0-9_-][A-Za-z0-9_-]{0,9}") {
        let error = text.parse::<RankedCursor>().unwrap_err();
        prop_assert_eq!((error.kind(), error.operation()), (ErrorKind::Cursor, "ranked"));
        prop_assert!(serde_json::from_value::<RankedCursor>(text.into()).is_err());
    }

    /// Whatever somebody with the key signs: an answer, and the memory of what there is.
    #[test]
    fn any_signed_bytes_are_read_or_refused(
        head in Just([LAYOUT; 45]),
        count in 0..64_u8,
        is_packed: bool,
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        // Few ids, and few makers of them: of many, chance would not write any.
        let mut bytes = [&head[..], &[0, count << 2 | u8::from(is_packed) << 1, 0], &rest[..]].concat();
        bytes.extend(key().sign(&bytes));
        read_or_refuse(&bytes);
    }

    #[test]
    fn altered_and_signed_bytes_are_read_or_refused(
        session in sessions(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = session.signed(&key()).unwrap().bytes().unwrap();
        bytes.truncate(bytes.len() - SIGN);
        for (at, with) in changes {
            let at = at.index(bytes.len());
            bytes[at] = with;
        }
        bytes.extend(key().sign(&bytes));
        read_or_refuse(&bytes);
    }

    #[test]
    fn bytes_survive_their_text(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
        let text = text::encode(&bytes);
        prop_assert_eq!(text.len(), text::length(bytes.len()));
        prop_assert_eq!(text::decode(&text).unwrap(), bytes);
    }

    /// So that no two cursors are the same.
    #[test]
    fn bytes_have_one_text_only(text in "[A-Za-z0-9_-]{0,9}") {
        if let Some(bytes) = text::decode(&text) {
            prop_assert_eq!(text::encode(&bytes), text);
        }
    }
}

/// RFC 4648 section 10, without the padding; and the two digits that are base64url's own.
#[test]
fn text_is_base64url() {
    for (bytes, text) in [
        (&b""[..], ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"fooba", "Zm9vYmE"),
        (b"foobar", "Zm9vYmFy"),
        (&[0xfb, 0xff], "-_8"),
    ] {
        assert_eq!(text::encode(bytes), text);
    }
    for none in ["A", "Zh", "Zm9", "Zg==", "+/", "AAAAA"] {
        assert_eq!(text::decode(none), None, "{none}");
    }
}

#[test]
fn every_bit_of_a_text_counts() -> Result<()> {
    let text = session(week(9, 1)).signed(&key())?.to_string();
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1 << bit;
            let changed = String::from_utf8_lossy(&changed);
            match changed.parse() {
                Ok(changed) => drop(refusal(&changed)),
                Err(error) => assert_eq!(error.kind(), ErrorKind::Cursor),
            }
        }
    }
    Ok(())
}

#[test]
fn a_later_layout_is_told_from_damage() {
    let mut bytes = vec![LAYOUT + 1; 99];
    bytes.extend(key().sign(&bytes));
    let error = refusal(&RankedCursor::of(&bytes));
    assert!(error.message().contains("another version"), "{error}");
}

/// Signed by somebody who has the key, and still no more is set aside than there is.
#[test]
fn counts_that_do_not_fit_are_refused() -> Result<()> {
    let good = session(week(100, 1)).signed(&key())?.bytes().unwrap();
    let (body, _) = good.split_last_chunk::<SIGN>().unwrap();
    // The fourteen bits after layout, reader, beginning, ranking and number shown.
    for count in [0_u16, 1, 99, 101, 10_000, 10_001, 0x3fff] {
        let mut body = body.to_vec();
        let [high, low] = (count << 2).to_be_bytes();
        body[45] = high;
        body[46] = body[46] & 3 | low;
        body.extend(key().sign(&body));
        refusal(&RankedCursor::of(&body));
    }
    Ok(())
}

#[test]
fn a_session_holds_ten_thousand_items_and_no_more() -> Result<()> {
    let mut chance = Chance(3);
    let mut any = || u128::from(chance.next()) << 64 | u128::from(chance.next());
    let mut session = session((0..MOST_CANDIDATES).map(|_| id(any())).collect());
    let cursor = session.signed(&key())?.to_string().parse()?;
    assert_eq!(Session::verified(&cursor, &key())?, session);
    session.order.push(ActivityId::MIN);
    assert_eq!(
        session.signed(&key()).unwrap_err().kind(),
        ErrorKind::Invalid
    );
    Ok(())
}

#[test]
fn text_longer_than_any_cursor_is_refused() {
    assert!("A".repeat(213_418).parse::<RankedCursor>().is_ok());
    let error = "A".repeat(213_419).parse::<RankedCursor>().unwrap_err();
    assert!(error.message().contains("213419"), "{error}");
}

/// What the docs say.
#[test]
fn ids_of_one_week_take_few_bytes() {
    for (a_second, most) in [(1, 5.4), (100, 6.2)] {
        let bytes = bytes_an_item(week(500, a_second));
        assert!(bytes <= most, "{bytes} bytes an item");
    }
}

#[test]
fn a_session_goes_on_for_its_reader_and_ranking_only() -> Result<()> {
    let session = session(week(9, 1));
    let now = session.began.published();
    let reader = session.reader;
    session.check(reader, *b"by likes", now, DAY)?;
    for (reader, ranking, why) in [
        (ActorId::from(43), b"by likes", "another reader"),
        (reader, b"by sizes", "the ranking"),
    ] {
        let error = session.check(reader, *ranking, now, DAY).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cursor);
        assert!(error.message().contains(why), "{error}");
    }
    Ok(())
}

#[test]
fn a_session_lives_from_its_beginning_to_the_end_of_its_lifetime() {
    let session = session(Vec::new());
    let check = |since: i64, lifetime| {
        let now = session.began.published() + TimeDelta::milliseconds(since);
        let checked = session.check(session.reader, session.ranking, now, lifetime);
        checked.map_err(|error| {
            assert_eq!(error.kind(), ErrorKind::Cursor);
            let (message, end) = (error.message(), "; begin again without a cursor");
            assert!(message.ends_with(end), "{error}");
            if message.contains("expired") {
                'e'
            } else {
                'f'
            }
        })
    };
    assert_eq!(check(0, Duration::ZERO), Ok(()));
    assert_eq!(check(1, Duration::ZERO), Err('e'));
    assert_eq!(check(86_400_000, DAY), Ok(()));
    assert_eq!(check(86_400_001, DAY), Err('e'));
    assert_eq!(check(i64::from(u32::MAX), Duration::MAX), Ok(()));
    assert_eq!(check(-60_000, DAY), Ok(()));
    assert_eq!(check(-60_001, DAY), Err('f'));
}

#[test]
fn extreme_instants_are_checked_too() {
    for began in [ActivityId::MIN, ActivityId::MAX] {
        let session = Session {
            began,
            ..session(Vec::new())
        };
        for now in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let checked = session.check(session.reader, session.ranking, now, Duration::ZERO);
            assert_eq!(checked.unwrap_err().kind(), ErrorKind::Cursor);
        }
    }
}

#[test]
fn random_keys_differ() -> Result<()> {
    let (one, other) = (SigningKey::random(), SigningKey::random());
    let cursor = session(week(9, 1)).signed(&one)?;
    assert!(Session::verified(&cursor, &one).is_ok());
    assert!(Session::verified(&cursor, &other).is_err());
    Ok(())
}

/// Clients hold such text, and processes of several versions share a key.
#[test]
fn the_text_of_a_session_never_changes() -> Result<()> {
    let ids = Ids::new(7);
    let [a, b, c] = [NOW - 3, NOW - 2, NOW - 90_000].map(|at| ids.make(at));
    let cursor = session(vec![b, c, a]).signed(&key())?;
    assert_eq!(
        cursor.to_string(),
        "AQAAAAAAAIAAgAAAAAAAACoBl3Qg3ABwAIAAAAAAAAABYnkgbGlrZXMAAAAUAA4AC8AAADhBa3AAFfkeAH0ceEJ2xx2FmvtI3e9ZRpE"
    );
    Ok(())
}
