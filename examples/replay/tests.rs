use std::io::Write as _;
use std::path::Path;

use super::*;
use mail::Line;

fn setup(arguments: &[&str]) -> Setup {
    Setup::parse_from([&["replay"], arguments].concat())
}

/// Feeds of every kind.
const SETUPS: [&[&str]; 6] = [
    &["--strategy", "push"],
    &["--strategy", "push", "--capacity", "3"],
    &["--strategy", "pull"],
    &["--strategy", "hybrid:5", "--capacity", "20"],
    &["--strategy", "adaptive"],
    &["--timelines", "none"],
];

/// The checksum straight from the lines: what everybody sees is their own messages and those of
/// everybody who ever wrote to them.
fn expected(mail: &Mail) -> (usize, String) {
    let messages = mail.messages();
    let edges: BTreeSet<(u64, u64)> = mail
        .lines()
        .iter()
        .filter(|line| line.sender != line.recipient)
        .map(|line| (line.recipient, line.sender))
        .collect();
    let mut sum = Sha256::new();
    for person in mail.people() {
        let is_seen = |message: &Message| {
            message.sender == person || edges.contains(&(person, message.sender))
        };
        let newest = messages
            .iter()
            .enumerate()
            .rev()
            .filter(|(_, message)| is_seen(message));
        let labels: Vec<String> = newest
            .take(PAGE)
            .map(|(label, _)| label.to_string())
            .collect();
        sum.update(format!("{person}\t{}\n", labels.join(" ")));
    }
    let hex = sum
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    (edges.len(), hex)
}

fn check(mail: &Mail) {
    let (follows, checksum) = expected(mail);
    for arguments in SETUPS {
        let report = replay(mail, &setup(arguments), None).unwrap();
        assert_eq!(
            (report.follows, &report.checksum),
            (follows, &checksum),
            "{arguments:?}"
        );
    }
}

fn parse(text: &str) -> Mail {
    Mail::parse(text.as_bytes()).unwrap()
}

#[test]
fn a_file_gives_the_same_as_memory_and_is_used_once() {
    let lines: String = (0..300_u64)
        .map(|number| format!("{} {} {number}\n", number % 7, number * number % 11))
        .collect();
    let mail = parse(&lines);
    let (follows, checksum) = expected(&mail);
    let folder = tempfile::tempdir().unwrap();
    let store = format!("disk:{}", folder.path().join("feeds.redb").display());
    let report = replay(&mail, &setup(&["--store", &store]), None).unwrap();
    assert_eq!((report.follows, report.checksum), (follows, checksum));
    let again = replay(&mail, &setup(&["--store", &store]), None)
        .err()
        .unwrap();
    assert!(again.to_string().contains("new file"), "{again}");
}

#[test]
fn lines_of_one_sender_in_one_second_are_one_message() {
    let mail = parse("1 2 9\n3 1 5\n1 4 9\n2 1 9\n1 2 5\n1 1 9\n");
    let message = |sender, second, recipients: &[u64]| Message {
        sender,
        second,
        recipients: recipients.to_vec(),
    };
    let expected = [
        message(3, 5, &[1]),
        message(1, 5, &[2]),
        message(1, 9, &[2, 4, 1]),
        message(2, 9, &[1]),
    ];
    assert_eq!(mail.messages(), expected);
    assert!(mail.people().into_iter().eq([1, 2, 3, 4]));
}

#[test]
fn malformed_lines_are_counted_and_the_first_five_named() {
    let mail = parse("1 2\n\n1 2 3\n1 2 x\n1 2 3 4\n-1 2 3\n1 2 281474976711\nx\n  5\t6  7 \r\n");
    assert_eq!(
        (mail.malformed, mail.complaints.len(), mail.lines().len()),
        (6, 5, 2)
    );
    assert!(mail.complaints[0].contains("line 1 ") && mail.complaints[0].contains("\"1 2\""));
    assert!(mail.complaints[1].contains("line 4 "));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    assert!(Mail::read(Path::new("there is no such file")).is_err());
    let truncated = [0x1f, 0x8b, 8, 0, 0, 0];
    let path = std::env::temp_dir().join(format!("anabranch-truncated-{}.gz", std::process::id()));
    std::fs::write(&path, truncated).unwrap();
    assert!(Mail::read(&path).is_err());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn what_everybody_sees_follows_from_the_lines_for_every_strategy() {
    check(&parse("1 2 9\n3 1 5\n1 4 9\n2 1 9\n1 2 5\n1 1 9\n7 7 1\n"));
    check(&parse(""));
    let first: Vec<Line> = organisation::lines(7).into_iter().take(8_000).collect();
    check(&Mail::from_lines(first));
}

#[test]
fn real_mail_gives_the_same_for_every_strategy() {
    let path = Path::new("../shared/data/graphs/email-Eu-core-temporal.first80.txt.gz");
    if !path.exists() {
        // Past the test harness, which would keep it to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the real mail is not beside this checkout"
        );
        return;
    }
    let mail = Mail::read(path).unwrap();
    assert_eq!((mail.lines().len(), mail.malformed), (265_867, 0));
    check(&mail);
}

fn percentile(sorted: &[usize], percent: usize) -> f64 {
    sorted[sorted.len() * percent / 100] as f64
}

fn near(found: f64, wanted: f64, what: &str) {
    let ratio = found / wanted;
    assert!(
        (0.8..=1.2).contains(&ratio),
        "{what}: {found:.3} where {wanted} is wanted"
    );
}

/// The made-up organisation is within a fifth of the real one's figures.
#[test]
fn the_made_up_organisation_is_like_a_real_one() {
    for seed in 1..=3 {
        let lines = organisation::lines(seed);
        let edges: HashSet<(u64, u64)> = lines
            .iter()
            .map(|line| (line.sender, line.recipient))
            .collect();
        let mut degrees = vec![0; 1_000];
        let mut sent = vec![0; 1_000];
        for (sender, _) in &edges {
            degrees[*sender as usize] += 1;
        }
        for line in &lines {
            sent[line.sender as usize] += 1;
        }
        degrees.sort_unstable();
        sent.sort_unstable();
        assert_eq!(Mail::from_lines(lines.clone()).people().len(), 1_000);
        near(edges.len() as f64 / 1_000.0, 25.0, "follows a person");
        near(percentile(&degrees, 50), 17.0, "median degree");
        near(percentile(&degrees, 90), 60.0, "p90 of degrees");
        near(percentile(&degrees, 99), 127.0, "p99 of degrees");
        let mutual = edges
            .iter()
            .filter(|(a, b)| edges.contains(&(*b, *a)))
            .count();
        near(mutual as f64 / edges.len() as f64, 0.7, "reciprocity");
        near(gini(&sent), 0.7, "Gini coefficient of senders");
        near(
            lines.len() as f64 / 1_000.0 / 400.0,
            0.4,
            "events a person a day",
        );
        let mut days = [0_usize; 7];
        for line in &lines {
            days[((line.second - 1_704_067_200) / 86_400 % 7) as usize] += 1;
        }
        for (day, count) in days.iter().enumerate() {
            let wanted = if day < 5 { 12.0 / 62.0 } else { 1.0 / 62.0 };
            near(
                *count as f64 / lines.len() as f64,
                wanted,
                "share of a weekday",
            );
        }
        let messages = Mail::from_lines(lines.clone()).messages();
        let mut audiences: Vec<usize> = messages
            .iter()
            .map(|message| message.recipients.len())
            .collect();
        audiences.sort_unstable();
        near(
            lines.len() as f64 / messages.len() as f64,
            1.6,
            "recipients of a message",
        );
        near(percentile(&audiences, 99), 13.0, "p99 of recipients");
    }
}

fn gini(sorted: &[usize]) -> f64 {
    let count = sorted.len() as f64;
    let sum: usize = sorted.iter().sum();
    let weighted: f64 = (1..)
        .zip(sorted)
        .map(|(rank, value)| rank as f64 * *value as f64)
        .sum();
    2.0 * weighted / (count * sum as f64) - (count + 1.0) / count
}
