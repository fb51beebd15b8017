use super::*;
use mail::Line;

/// Person 3 follows 1 and 2; 1 writes most, and 3 answers 2.
fn office() -> (Vec<Message>, Office) {
    let mut lines = Vec::new();
    let mut write = |sender, recipient, second| {
        lines.push(Line {
            sender,
            recipient,
            second,
        });
    };
    write(2, 3, 1_000);
    write(3, 2, 1_600);
    for second in 2_000..2_030 {
        write(1, 3, second);
    }
    let messages = Mail::from_lines(lines).messages();
    let office = Office::new(&messages).unwrap();
    (messages, office)
}

#[test]
fn all_rankings_are_shown_with_a_sentence_for_each_item() {
    let (messages, office) = office();
    assert_eq!(busiest(&messages), Some(3));
    let shown = office.show(3, 5).unwrap();
    for head in ["newest", "\nchronological: ", "\nlively: ", "\nclose: "] {
        assert!(shown.contains(head), "{head} in\n{shown}");
    }
    let sentences = shown
        .lines()
        .filter(|line| line.ends_with('.') && line.starts_with("  "));
    assert_eq!(sentences.count(), 15, "{shown}");
}

#[test]
fn close_shows_first_whom_one_answers_and_chronological_not_four_in_a_row() {
    let (_, office) = office();
    let shown = office.show(3, 5).unwrap();
    let rows: Vec<&str> = shown.lines().skip(3).take(5).collect();
    let column = |at: usize| -> Vec<&str> {
        let senders = rows.iter().map(|row| row[5 + 20 * at..].split(',').next());
        senders.map(Option::unwrap_or_default).collect()
    };
    assert_eq!(column(0), ["1"; 5]);
    assert_eq!(column(1), ["1", "1", "1", "3", "2"]);
    assert_eq!(column(3)[0], "2");
}

#[test]
fn the_shared_mail_is_ranked() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../shared/data/graphs/email-Eu-core-temporal.first80.txt.gz"
    );
    if !std::path::Path::new(path).exists() {
        eprintln!("SKIPPED: {path} is not there");
        return;
    }
    let options = Options::parse_from(["rank", path]);
    let shown = run(&options).unwrap();
    assert!(shown.lines().count() > 80, "{shown}");
}
