//! How much of a page there is room for. GitHub takes 65 536 characters of a comment and a mebibyte of a step summary;
//! what is beyond is cut, or refused whole. So the page ends before, and says what it leaves out and where that is.

use std::fmt::Write as _;

/// Characters of a page, at most.
pub(super) const LIMIT: usize = 65_000;

/// Where everything is that a page leaves out.
const WHOLE: &str = "`report.json`";

/// Characters in which a section says what it leaves out.
const LEAVING_OUT: usize = 140;

/// One thing that a section shows.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// In full.
    pub(super) whole: String,
    /// On one line, for where there is no room; empty where counting is enough.
    pub(super) short: String,
}

/// A part of the page.
#[derive(Debug, Clone)]
pub(super) struct Section {
    /// Stands before the items, whatever becomes of them.
    pub(super) head: String,
    pub(super) items: Vec<Item>,
    /// Stands behind them.
    pub(super) tail: String,
    /// What an item is called where items are counted: `case`, `row`.
    pub(super) noun: &'static str,
    /// Its part of the page however much others need, in relation to theirs.
    pub(super) share: usize,
}

impl Section {
    /// What it needs whatever becomes of its items: also to say how many it leaves out.
    fn frame(&self) -> usize {
        length(&self.head) + length(&self.tail) + LEAVING_OUT
    }

    fn need(&self) -> usize {
        self.items.iter().map(|item| length(&item.whole)).sum()
    }

    /// As many items as fit, in full; then the others on a line each; then how many more there are.
    fn fit(&self, room: usize) -> String {
        let whole: Vec<usize> = self.items.iter().map(|item| length(&item.whole)).collect();
        let short: Vec<usize> = self.items.iter().map(|item| length(&item.short)).collect();
        let count = self.items.len();
        let all_of =
            |kept: usize| whole[..kept].iter().sum::<usize>() + short[kept..].iter().sum::<usize>();
        let in_full = (0..=count).rev().find(|kept| all_of(*kept) <= room);
        let kept = in_full.unwrap_or(0);
        let mut left = room.saturating_sub(whole[..kept].iter().sum());
        let mut text: String = self.items[..kept]
            .iter()
            .map(|item| item.whole.as_str())
            .collect();
        if kept == count {
            return text;
        }
        text.push_str(&self.note(count - kept));
        for (at, item) in self.items.iter().enumerate().skip(kept) {
            if short[at] > left {
                let _ = writeln!(text, "- and {} in {WHOLE}", more_of(count - at, self.noun));
                break;
            }
            left -= short[at];
            text.push_str(&item.short);
        }
        text
    }

    fn note(&self, more: usize) -> String {
        let listed = self.items.iter().any(|item| !item.short.is_empty());
        let end = if listed { ":\n\n" } else { ".\n" };
        format!(
            "\nAnd {}, shown in full in {WHOLE}{end}",
            more_of(more, self.noun)
        )
    }
}

/// All sections on a page of at most so many characters, and what stands above them.
pub(super) fn page(head: String, sections: &[Section], limit: usize) -> String {
    let frames: usize = sections.iter().map(Section::frame).sum();
    let room = limit.saturating_sub(length(&head) + frames);
    let shares = sections
        .iter()
        .map(|section| section.share)
        .sum::<usize>()
        .max(1);
    let mut grants: Vec<usize> = sections
        .iter()
        .map(|section| section.need().min(room * section.share / shares))
        .collect();
    let mut left = room.saturating_sub(grants.iter().sum());
    for (section, grant) in sections.iter().zip(&mut grants) {
        let more = section.need().saturating_sub(*grant).min(left);
        *grant += more;
        left -= more;
    }
    let mut page = head;
    for (section, grant) in sections.iter().zip(grants) {
        page.push_str(&section.head);
        page.push_str(&section.fit(grant));
        page.push_str(&section.tail);
    }
    page
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn more_of(number: usize, noun: &str) -> String {
    format!("{number} more {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(items: usize, size: usize, listed: bool) -> Section {
        let item = |number: usize| Item {
            whole: format!("{number:03}{}\n", "x".repeat(size)),
            short: if listed {
                format!("- {number:03}\n")
            } else {
                String::new()
            },
        };
        Section {
            head: "# S\n".to_owned(),
            items: (0..items).map(item).collect(),
            tail: String::new(),
            noun: "case",
            share: 50,
        }
    }

    #[test]
    fn what_fits_is_whole() {
        let sections = [section(3, 10, true), section(1, 10, false)];
        let text = page("top\n".to_owned(), &sections, 1000);
        let whole: String = sections
            .iter()
            .flat_map(|section| {
                let items = section.items.iter().map(|item| item.whole.clone());
                std::iter::once(section.head.clone()).chain(items)
            })
            .collect();
        assert_eq!(text, format!("top\n{whole}"));
    }

    #[test]
    fn what_does_not_fit_is_named_or_counted() {
        let text = page(String::new(), &[section(10, 100, true)], 500);
        assert!(
            text.contains("And 7 more cases, shown in full in `report.json`:"),
            "{text}"
        );
        assert!(text.ends_with("- 008\n- 009\n"), "{text}");
        let counted = page(String::new(), &[section(10, 100, false)], 500);
        assert!(
            counted.ends_with("And 7 more cases, shown in full in `report.json`.\n"),
            "{counted}"
        );
        let many = page(String::new(), &[section(100, 100, true)], 500);
        assert!(
            many.ends_with("- 058\n- and 41 more cases in `report.json`\n"),
            "{many}"
        );
    }

    proptest::proptest! {
        #[test]
        fn a_page_never_exceeds_its_limit_and_every_item_is_told_or_counted(
            sizes in proptest::collection::vec((0_usize..60, 0_usize..200, proptest::bool::ANY), 1..5),
            limit in 1200_usize..6000,
        ) {
            let sections: Vec<Section> = sizes
                .iter()
                .map(|(items, size, listed)| section(*items, *size, *listed))
                .collect();
            let text = page(String::new(), &sections, limit);
            proptest::prop_assert!(length(&text) <= limit, "{} of {limit}", length(&text));
            let items: usize = sections.iter().map(|section| section.items.len()).sum();
            let shown = text.lines().filter(|line| {
                let line = line.strip_prefix("- ").unwrap_or(line);
                line.len() >= 3 && line.as_bytes()[..3].iter().all(u8::is_ascii_digit)
            });
            let counted: usize = text
                .lines()
                .filter(|line| line.starts_with("- and ") || line.ends_with("`report.json`."))
                .filter_map(|line| line.split(' ').find_map(|word| word.parse::<usize>().ok()))
                .sum();
            proptest::prop_assert_eq!(shown.count() + counted, items, "{}", text);
        }
    }
}
