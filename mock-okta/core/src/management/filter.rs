//! Filters of lists (RFC 7644 section 3.4.2.2, as far as Okta's API has it): comparisons of members with texts, joined by
//! `and`, `or` and parentheses.

use jiff::Timestamp;
use serde_json::Value;

use crate::api_error::ApiError;

/// Longest filter, as Okta's reference of connections has it.
const MAX_BYTES: usize = 1024;

/// Parentheses within parentheses.
const MAX_DEPTH: usize = 16;

/// A condition that an entry fits or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    /// The path of a member, and what it is compared with.
    Compare(Vec<String>, Operator, String),
    Present(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    StartsWith,
    Contains,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

const OPERATORS: [(&str, Operator); 8] = [
    ("eq", Operator::Equal),
    ("ne", Operator::NotEqual),
    ("sw", Operator::StartsWith),
    ("co", Operator::Contains),
    ("gt", Operator::Greater),
    ("ge", Operator::GreaterOrEqual),
    ("lt", Operator::Less),
    ("le", Operator::LessOrEqual),
];

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// 400 where it is none.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        if text.len() > MAX_BYTES {
            return Err(ApiError::Search);
        }
        let tokens = tokens(text).ok_or(ApiError::Search)?;
        let mut reader = Reader {
            tokens: &tokens,
            depth: 0,
        };
        let filter = reader.any().ok_or(ApiError::Search)?;
        let done = reader.tokens.is_empty();
        done.then_some(filter).ok_or(ApiError::Search)
    }

    /// Whether an entry fits it.
    pub(super) fn fits(&self, entry: &Value) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.fits(entry)),
            Self::Any(filters) => filters.iter().any(|filter| filter.fits(entry)),
            Self::Present(path) => !values(entry, path).is_empty(),
            Self::Compare(path, operator, wanted) => {
                let found = values(entry, path);
                let holds = |found: &&str| operator.holds(found, wanted);
                match operator {
                    Operator::NotEqual => found.iter().all(holds),
                    _ => found.iter().any(holds),
                }
            }
        }
    }
}

impl Operator {
    fn holds(self, found: &str, wanted: &str) -> bool {
        // The same instant may be written with more digits, or by another offset.
        let instants = found.parse::<Timestamp>().ok().zip(wanted.parse().ok());
        let order = instants.map_or_else(
            || found.cmp(wanted),
            |(found, wanted): (Timestamp, Timestamp)| found.cmp(&wanted),
        );
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::StartsWith => found.starts_with(wanted),
            Self::Contains => found.contains(wanted),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
        }
    }
}

/// The texts at a path; a list on the way stands for each of its entries.
fn values<'e>(entry: &'e Value, path: &[String]) -> Vec<&'e str> {
    match (entry, path) {
        (Value::Array(entries), _) => entries
            .iter()
            .flat_map(|entry| values(entry, path))
            .collect(),
        (Value::String(text), []) => vec![text],
        (Value::Object(members), [name, rest @ ..]) => members
            .get(name)
            .map(|member| values(member, rest))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    Word(String),
    Text(String),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' => {
                found.push(Token::Open);
                1
            }
            ')' => {
                found.push(Token::Close);
                1
            }
            '"' => {
                let mut texts = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                found.push(Token::Text(texts.next()?.ok()?));
                texts.byte_offset()
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || "()\"".contains(c);
                let length = rest.find(ends).unwrap_or(rest.len());
                found.push(Token::Word(rest[..length].to_owned()));
                length
            }
        };
        rest = rest[length..].trim_start();
    }
    Some(found)
}

struct Reader<'t> {
    tokens: &'t [Token],
    depth: usize,
}

impl Reader<'_> {
    fn any(&mut self) -> Option<Filter> {
        self.joined("or", Self::all, Filter::Any)
    }

    fn all(&mut self) -> Option<Filter> {
        self.joined("and", Self::one, Filter::All)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Option<Filter>,
        join: fn(Vec<Filter>) -> Filter,
    ) -> Option<Filter> {
        let mut parts = vec![part(self)?];
        while matches!(self.tokens.first(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word))
        {
            self.tokens = &self.tokens[1..];
            parts.push(part(self)?);
        }
        Some(if parts.len() == 1 {
            parts.remove(0)
        } else {
            join(parts)
        })
    }

    fn one(&mut self) -> Option<Filter> {
        match self.next()? {
            Token::Open => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return None;
                }
                let inner = self.any()?;
                self.depth -= 1;
                (self.next()? == Token::Close).then_some(inner)
            }
            Token::Word(path) => self.comparison(&path),
            Token::Close | Token::Text(_) => None,
        }
    }

    fn comparison(&mut self, path: &str) -> Option<Filter> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let Token::Word(word) = self.next()? else {
            return None;
        };
        if word.eq_ignore_ascii_case("pr") {
            return Some(Filter::Present(path));
        }
        let mut known = OPERATORS.iter();
        let (_, operator) = known.find(|(name, _)| word.eq_ignore_ascii_case(name))?;
        match self.next()? {
            Token::Text(text) => Some(Filter::Compare(path, *operator, text)),
            _ => None,
        }
    }

    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(filter: &str) -> bool {
        let entry = json!({
            "status": "ACTIVE",
            "profile": { "name": "Chat \"assistant\"" },
            "target": [{ "id": "1" }, { "id": "2" }],
        });
        Filter::parse(filter).expect("a filter").fits(&entry)
    }

    #[test]
    fn instants_are_compared_however_they_are_written() {
        let entry = json!({ "published": "2027-01-15T08:00:00.000Z", "name": "2027" });
        let fits = |filter: &str| Filter::parse(filter).expect("a filter").fits(&entry);
        for right in [
            r#"published ge "2027-01-15T08:00:00Z""#,
            r#"published le "2027-01-15T08:00:00Z""#,
            r#"published eq "2027-01-15T09:00:00+01:00""#,
            r#"published lt "2027-01-15T08:00:00.5Z""#,
            r#"published sw "2027-01-15""#,
            r#"name gt "1999""#,
        ] {
            assert!(fits(right), "{right}");
        }
        for wrong in [
            r#"published gt "2027-01-15T08:00:00Z""#,
            r#"published ne "2027-01-15T09:00:00+01:00""#,
        ] {
            assert!(!fits(wrong), "{wrong}");
        }
    }

    #[test]
    fn comparisons_are_joined_by_words_and_parentheses() {
        for right in [
            r#"status eq "ACTIVE""#,
            r#"profile.name sw "Chat" AND status eq "ACTIVE""#,
            r#"status eq "x" or (status pr and target.id eq "2")"#,
            r#"profile.name co "\"assistant""#,
            r#"status ne "STAGED""#,
            r#"status ge "ACTIVE" and status lt "B""#,
        ] {
            assert!(fits(right), "{right}");
        }
        for wrong in [
            r#"status eq "active""#,
            r#"(status eq "ACTIVE" or status pr) and other pr"#,
            r#"target.id eq "3""#,
            r#"profile eq "Chat""#,
        ] {
            assert!(!fits(wrong), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        let deep = format!("{}status pr{}", "(".repeat(40), ")".repeat(40));
        for wrong in [
            "",
            "status",
            "status eq",
            "status eq ACTIVE",
            r#"status is "ACTIVE""#,
            r#"(status eq "ACTIVE""#,
            r#"status eq "ACTIVE" status pr"#,
            r#"status eq "ACTIVE"#,
            &deep,
        ] {
            assert_eq!(Filter::parse(wrong), Err(ApiError::Search), "{wrong}");
        }
    }
}
