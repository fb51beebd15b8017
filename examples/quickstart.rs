//! A page of code to copy: feeds in a program without a runtime, and in an async one.
//!
//! ```text
//! cargo run --example quickstart
//! ```

use anabranch::{Activity, ActivityId, ActorId, Audience, Feeds, Page, Result, Verb, wait};
use serde_json::json;

fn main() -> Result<()> {
    // One handle for the whole program: clone it, share it between threads.
    let feeds = Feeds::in_memory();

    // Ids come from the keys that you already have: a name, a number, a UUID.
    let anna = ActorId::named("anna@example.org");
    let ben = ActorId::from(4711);
    let release = ActorId::named("project:release");

    // Without a runtime, `wait` does what `.await` does elsewhere.
    wait(feeds.follow(ben, anna))?;
    wait(feeds.follow(ben, release))?;
    wait(feeds.join(anna, release))?;
    wait(feeds.join(ben, release))?;

    let note = Activity::by(anna)
        .object("https://example.org/notes/1")
        .data(json!({"title": "Minutes"}));
    let note = wait(feeds.publish(note))?.activity;

    // In the stream of the project, for its members only, and safe to send twice.
    let upload = Activity::by(anna)
        .verb(Verb::Add)
        .object("https://example.org/files/7")
        .to([release])
        .audience(Audience::Members(release))
        .key("upload-7");
    wait(feeds.publish(upload.clone()))?;
    assert!(!wait(feeds.publish(upload))?.is_new);

    // A page of a home, newest first, each item with the streams that it came by.
    let home = wait(feeds.home(ben).limit(10).explain())?;
    for item in &home.items {
        let activity = &item.activity;
        println!(
            "{} {} by way of {} streams",
            activity.published(),
            activity.verb,
            item.via.len()
        );
    }
    assert_eq!(home.items.len(), 2);

    // Later: what came since? `newer` is text that a client can keep.
    wait(feeds.publish(Activity::by(ben).verb(Verb::Announce).object(note.id)))?;
    let badge = wait(feeds.home(ben).newer_than(home.newer).count())?;
    println!("{badge} new");

    // In an async program the same calls are awaited; they need no runtime of their own.
    let page = wait(handler(
        &feeds,
        ben,
        home.next.map(|cursor| cursor.to_string()),
    ))?;
    println!(
        "{}",
        serde_json::to_string_pretty(&page).expect("ids are plain text")
    );
    Ok(())
}

/// As a web handler would have it: the cursor comes from the client and is checked here.
async fn handler(
    feeds: &Feeds,
    reader: ActorId,
    cursor: Option<String>,
) -> Result<Page<ActivityId>> {
    let cursor = cursor.map(|text| text.parse()).transpose()?;
    feeds.home(reader).limit(20).after(cursor).ids().await
}
