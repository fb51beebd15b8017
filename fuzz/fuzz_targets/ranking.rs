//! Whatever is read as a ranking, a model or the cursor of a ranked read is read, or an error that says so; and what was
//! read as a ranking ranks, and writes itself back.

#![no_main]

use anabranch::rank::{Document, RankedCursor, Ranking, Trees};
use anabranch::{Activity, ActorId, ErrorKind, Feeds, wait};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match text.parse::<Document>() {
        Ok(document) => rank(&document),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Invalid),
    }
    match text.parse::<Trees>() {
        Ok(trees) => predict(&trees),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Invalid),
    }
    match text.parse::<RankedCursor>() {
        Ok(cursor) => {
            let (feeds, plain) = (Feeds::in_memory(), Ranking::new("plain"));
            let read = feeds.ranked(ActorId::from(1), &plain).after(cursor);
            assert_eq!(wait(read).expect_err("nobody signed it").kind(), ErrorKind::Cursor);
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::Cursor),
    }
});

fn rank(document: &Document) {
    let written = serde_json::to_string(document).expect("written");
    assert_eq!(written.parse::<Document>().as_ref().ok(), Some(document));
    let Ok(ranking) = document.ranking() else {
        return;
    };
    let feeds = Feeds::in_memory();
    for number in 0..4 {
        let draft = Activity::by(ActorId::from(number % 2)).object("an object");
        wait(feeds.publish(draft)).expect("published");
    }
    wait(feeds.follow(ActorId::from(0), ActorId::from(1))).expect("followed");
    let page = wait(feeds.ranked(ActorId::from(0), &ranking).explain()).expect("a page");
    assert!(page.items.len() + page.dropped.len() == 4, "{written}");
}

fn predict(trees: &Trees) {
    let mut scores = [0.0; 3];
    trees.predict(&[&[1.0, f64::NAN, -2.5], &[0.0, 1e300, 7.0]], &mut scores);
}
