//! Bytes that must never change: `docs/format.md` describes them. Where one of these tests fails, what is
//! stored out there can no longer be read, and a new format version is due.

use chrono::DateTime;

use super::keys;
use super::rows;
use super::*;
use crate::{Audience, Follow, InReplyTo, Object, Relation, Verb};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap()
}

fn small() -> Activity {
    serde_json::from_value(serde_json::json!({
        "id": "018bcfe5-6800-7000-8000-000000000001",
        "actor": ActorId::from(1),
        "object": Object::from("https://example.org/notes/1"),
        "data": {"title": "Minutes"},
    }))
    .unwrap()
}

fn full() -> Activity {
    let mut full = small();
    full.verb = Verb::from("deploy");
    full.object = Some(Object::from(ActivityId::from(7)).property("type", "Note"));
    full.to = vec![ActorId::from(2)];
    full.audience = Audience::Only(vec![ActorId::from(3)]);
    full.notify = vec![ActorId::from(4)];
    full.in_reply_to = Some(InReplyTo {
        activity: ActivityId::from(8),
        actor: ActorId::from(5),
    });
    full.key = Some("k".into());
    full.updated = Some(at(1_700_000_000_123));
    full.data = Some(serde_json::json!([0.1, null]));
    full
}

fn edge(relation: Relation) -> Edge {
    Edge {
        from: ActorId::from(1),
        to: ActorId::from(2),
        made: at(1_700_000_000_000),
        relation,
    }
}

#[test]
fn activities_have_these_bytes() {
    let usual = [List::Outbox(ActorId::from(1))];
    let row = rows::live_bytes(&small(), &usual).unwrap();
    assert_eq!(
        hex(&row),
        "010000000000000080008000000000000001064372656174650101001b68747470733a2f2f6578616d706c652e6f72672f6e6f7465732f310000000000000001137b227469746c65223a224d696e75746573227d00"
    );
    let json = serde_json::to_string(&small()).unwrap();
    assert_eq!(
        (row.len(), json.len()),
        (85, 272),
        "docs/format.md names these"
    );
    let row = rows::live_bytes(&full(), &usual).unwrap();
    assert_eq!(
        hex(&row),
        "010000000000000080008000000000000001066465706c6f7901010100000000000000000000000000000007010f7b2274797065223a224e6f7465227d0100000000000080008000000000000002030100000000000080008000000000000003010000000000008000800000000000000401000000000000000000000000000000080000000000008000800000000000000501016b01f6a1abfef962010a5b302e312c6e756c6c5d01010000000000000080008000000000000001"
    );
    let body = rows::Body::Live(Arc::new(full()), usual.to_vec());
    assert_eq!(rows::body(full().id, &row).unwrap(), body);
    let row = rows::deleted_bytes(ActorId::from(1)).unwrap();
    assert_eq!(hex(&row), "010100000000000080008000000000000001");
}

#[test]
fn edges_and_records_have_these_bytes() {
    let follow = Follow::since(at(5)).except([Verb::Announce]);
    let mut ended = Follow::everything();
    ended.interval.until = Some(ActivityId::from(9));
    for (relation, expected) in [
        (
            Relation::Follow(Follow::everything()),
            "0180a0abfef96200000000",
        ),
        (
            Relation::Follow(follow.clone()),
            "0180a0abfef962000100000000000500000000000000000000000108416e6e6f756e6365",
        ),
        (
            Relation::Follow(ended),
            "0180a0abfef9620000010000000000000000000000000000000900",
        ),
        (
            Relation::Request(follow),
            "0180a0abfef962010100000000000500000000000000000000000108416e6e6f756e6365",
        ),
        (Relation::Member, "0180a0abfef96202"),
        (Relation::Mute { until: None }, "0180a0abfef9620300"),
        (
            Relation::Mute {
                until: Some(at(-1)),
            },
            "0180a0abfef962030101",
        ),
        (Relation::Block, "0180a0abfef96204"),
        (Relation::Approval, "0180a0abfef96205"),
    ] {
        let edge = edge(relation);
        let row = rows::edge_bytes(&edge).unwrap();
        assert_eq!(hex(&row), expected, "{edge:?}");
        assert_eq!(rows::edge(edge.from, edge.to, &row).unwrap(), edge);
    }
    let record = Actor::new(ActorId::from(1)).name("Anna").data(1);
    let row = rows::record_bytes(&record).unwrap();
    assert_eq!(hex(&row), "0106506572736f6e0104416e6e61010131");
    assert_eq!(rows::record(record.id, &row).unwrap(), record);
}

#[test]
fn tails_have_these_bytes() {
    let list = List::Outbox(ActorId::from(1));
    let line = |id: u128, by: u64| rows::Line {
        id: ActivityId::from(id),
        by: ActorId::from(by),
    };
    let tail = rows::Tail {
        count: 300,
        entries: vec![line(7, 1), line(8, 2)],
    };
    let row = rows::tail_bytes(&list, &tail);
    assert_eq!(
        hex(&row),
        "012c010000000000000000000000000000000000000000000700000000000000000000000000000000080100000000000080008000000000000002"
    );
    let found = rows::tail(&list, &row).unwrap();
    assert_eq!(found, tail);
    assert_eq!(found.entries[1].by, ActorId::from(2));
    assert!(rows::tail(&list, &row[..row.len() - 1]).is_err());
}

#[test]
fn keys_have_these_bytes() {
    let (one, two) = (ActorId::from(1), ActorId::from(2));
    let outbox = List::Outbox(one);
    let follow = edge(Relation::Follow(Follow::everything()));
    let place = |side| keys::place_key(one, side, RelationKind::Block, (1, two));
    for (key, expected) in [
        (
            keys::activity_key(ActivityId::from(7)),
            "0900000000000000000000000000000007",
        ),
        (keys::actor_key(one), "0700000000000080008000000000000001"),
        (
            keys::entry_key(&outbox, ActivityId::from(7)),
            "02010000000000008000800000000000000100000000000000000000000000000007",
        ),
        (
            keys::tail_key(&outbox),
            "010100000000000080008000000000000001",
        ),
        (
            keys::used_key(one, "k"),
            "03000000000000800080000000000000016b",
        ),
        (
            keys::deleted_key(one, ActivityId::from(7)),
            "040000000000008000800000000000000100000000000000000000000000000007",
        ),
        (
            keys::mark_key(one, "seen"),
            "08000000000000800080000000000000017365656e",
        ),
        (
            keys::edge_key(follow.key()),
            "05000000000000800080000000000000010000000000000080008000000000000002",
        ),
        (
            keys::roster_key(one, keys::Side::To, RelationKind::Block),
            "06000000000000800080000000000000010104",
        ),
        (
            place(keys::Side::From),
            "060000000000008000800000000000000100047ffffffffffffffe00000000000080008000000000000002",
        ),
        (
            place(keys::Side::Ended),
            "060000000000008000800000000000000102047ffffffffffffffe00000000000080008000000000000002",
        ),
    ] {
        assert_eq!(hex(&key), expected);
    }
}
