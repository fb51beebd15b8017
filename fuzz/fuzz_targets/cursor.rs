//! Text from a client is a cursor that writes itself back, or the error `cursor`; and whatever a
//! cursor names, reading with it does no harm.

#![no_main]

use anabranch::{Activity, ActivityId, ActorId, Cursor, ErrorKind, Feeds, wait};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        parse(text);
    }
    if let Some((id, damage)) = bytes.split_first_chunk::<16>() {
        let cursor = Cursor::from(ActivityId::from(u128::from_be_bytes(*id)));
        read(cursor);
        let mut text = cursor.to_string().into_bytes();
        for (at, with) in text.iter_mut().zip(damage) {
            *at ^= with;
        }
        if let Ok(text) = std::str::from_utf8(&text) {
            parse(text);
        }
    }
});

fn parse(text: &str) {
    match text.parse::<Cursor>() {
        Ok(cursor) => assert_eq!(cursor.to_string(), text),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Cursor),
    }
}

fn read(cursor: Cursor) {
    let feeds = Feeds::in_memory();
    let anna = ActorId::named("anna");
    let id = wait(feeds.publish(Activity::by(anna))).unwrap().activity.id;
    let below = wait(feeds.home(anna).after(cursor).ids()).unwrap();
    let above = wait(feeds.home(anna).newer_than(cursor).ids()).unwrap();
    let at = Cursor::from(id) == cursor;
    assert_eq!(below.items.len() + above.items.len() + usize::from(at), 1);
}
