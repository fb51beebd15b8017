//! Feeds and lists of actors among the driven steps, page by page.

use super::{Drive, actor, instant, kind, verb};
use crate::cursor::Cursor;
use crate::error::ErrorKind;
use crate::feeds::{Read, Scope};
use crate::naive::{Asked, Feed, Outcome, Place, Roster, Shown, Who};
use crate::page::{Item, Page};
use crate::store::AnyStore;
use crate::timelines::AnyTimelines;
use crate::wait::wait;

impl Drive {
    /// Reads one page; the cursors it gives are kept for later.
    pub(super) fn read(
        &mut self,
        at: &dyn std::fmt::Debug,
        feed: Feed,
        asked: &Asked,
        after: Option<Cursor>,
        newer_than: Option<Cursor>,
    ) -> Option<(Cursor, Place)> {
        let expected: Outcome<Shown> = if asked.limit == 0 {
            Err(ErrorKind::Invalid)
        } else {
            Ok(self.naive.read(feed, asked))
        };
        let (mut next, mut kept) = (None, Vec::new());
        for (name, feeds) in &self.feeds {
            let page = match feed {
                Feed::Home { reader, own } => {
                    page(feeds.home(actor(reader)).own(own), asked, after, newer_than)
                }
                Feed::Outbox { stream, viewer } => page(
                    feeds.outbox(actor(stream)).viewer(viewer.map(actor)),
                    asked,
                    after,
                    newer_than,
                ),
                Feed::Streams { viewer, streams } => page(
                    feeds.feed(actor(viewer), streams.map(actor)),
                    asked,
                    after,
                    newer_than,
                ),
            };
            let shown = kind(page).map(|page| {
                kept = vec![page.next, page.newer];
                let item = |item: &Item| {
                    let what = self
                        .ids
                        .iter()
                        .position(|id| *id == item.activity.id)
                        .unwrap();
                    (
                        what,
                        item.via
                            .iter()
                            .map(|id| id.as_uuid().as_bytes()[15])
                            .collect(),
                    )
                };
                let cursor = |cursor: Option<Cursor>| cursor.map(|cursor| self.place(cursor));
                (
                    page.items.iter().map(item).collect(),
                    cursor(page.next),
                    cursor(page.newer),
                )
            });
            assert_eq!(shown, expected, "{name}: {at:?}");
        }
        if let Ok((_, below, newer)) = expected {
            next = kept.first().copied().flatten().zip(below);
            let newer = kept.last().copied().flatten().zip(newer);
            self.cursors.extend(next.into_iter().chain(newer));
        }
        next
    }

    /// Where in the model the place of a cursor is.
    fn place(&self, cursor: Cursor) -> Place {
        let id = cursor.activity("test").unwrap();
        let what = self.ids.iter().position(|known| *known == id).unwrap();
        self.naive.deeds[what].place
    }

    /// Reads a whole home, page by page.
    pub(super) fn walk(&mut self, reader: Who, limit: usize) {
        let mut asked = Asked::of(limit);
        let mut cursor = None;
        loop {
            let feed = Feed::Home { reader, own: true };
            let next = self.read(&("walk", reader, limit), feed, &asked, cursor, None);
            (cursor, asked.after) = next.unzip();
            if cursor.is_none() {
                return;
            }
        }
    }

    pub(super) fn roster(&self, at: &dyn std::fmt::Debug, of: Roster, who: Who, limit: usize) {
        let expected: Vec<Who> = self
            .naive
            .roster(of, who)
            .into_iter()
            .map(|(_, who)| who)
            .collect();
        self.agree(at, &expected, |feeds| {
            let (mut all, mut cursor) = (Vec::new(), None);
            loop {
                let (read, is_from) = match of {
                    Roster::Followers => (feeds.followers(actor(who)), false),
                    Roster::Following => (feeds.following(actor(who)), true),
                    Roster::Requests => (feeds.requests(actor(who)), false),
                    Roster::Members => (feeds.members(actor(who)), false),
                };
                let page = wait(read.limit(limit).after(cursor)).unwrap();
                assert_eq!(page.count, expected.len(), "{at:?}");
                let other = |edge: &crate::Edge| if is_from { edge.to } else { edge.from };
                all.extend(
                    page.edges
                        .iter()
                        .map(|edge| other(edge).as_uuid().as_bytes()[15]),
                );
                cursor = page.next;
                if cursor.is_none() {
                    return all;
                }
            }
        });
    }
}

fn page<W: Scope>(
    mut read: Read<'_, AnyStore, AnyTimelines, W>,
    asked: &Asked,
    after: Option<Cursor>,
    newer_than: Option<Cursor>,
) -> crate::Result<Page<Item>> {
    read = read
        .limit(asked.limit)
        .after(after)
        .newer_than(newer_than)
        .replies(asked.replies)
        .explain();
    if let Some(verbs) = &asked.verbs {
        read = read.verbs(verbs.iter().copied().map(verb));
    }
    if let Some(since) = asked.since {
        read = read.since(instant(since));
    }
    if let Some(until) = asked.until {
        read = read.until(instant(until));
    }
    wait(read)
}
