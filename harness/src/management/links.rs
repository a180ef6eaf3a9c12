//! The header field `Link`, by which the API says where a list goes on (RFC 8288).

use crate::exchange::Response;

/// The query of the address under which the next page is. Its path and host are those of the page that was asked for, so
/// the token goes nowhere else, whatever the header says.
pub(super) fn next_query(response: &Response) -> Option<Vec<(String, String)>> {
    let fields = response.headers.iter();
    let mut links = fields
        .filter(|(name, _)| name == "link")
        .flat_map(|(_, value)| entries(value));
    let next = links.find(|link| is_next(link))?;
    let address = next.trim_start().strip_prefix('<')?.split_once('>')?.0;
    let (_, query) = address.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    Some(
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
    )
}

/// The links of a field. A comma inside `<…>` separates nothing.
fn entries(field: &str) -> Vec<&str> {
    let (mut depth, mut from, mut found) = (0_usize, 0, Vec::new());
    for (at, character) in field.char_indices() {
        match character {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&field[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(&field[from..]);
    found
}

/// Whether its relation is `next`, among others perhaps.
fn is_next(link: &str) -> bool {
    let parameters = link.rsplit_once('>').map_or("", |(_, rest)| rest);
    let mut relations = parameters
        .split(';')
        .filter_map(|one| one.trim().split_once('='));
    relations.any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("rel")
            && value
                .trim()
                .trim_matches('"')
                .split_ascii_whitespace()
                .any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(fields: &[&str]) -> Option<String> {
        let fields = fields
            .iter()
            .map(|value| ("link".to_owned(), (*value).to_owned()));
        let query = next_query(&Response::new(200, fields.collect(), b"[]"))?;
        let pairs: Vec<_> = query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        Some(pairs.join(" "))
    }

    #[test]
    fn the_next_page_is_found_among_other_links() {
        let this = r#"<https://a.example/x?limit=2>; rel="self""#;
        let after = r#"<https://a.example/x?after=a%2Cb&limit=2>; rel="next""#;
        assert_eq!(next(&[this, after]).as_deref(), Some("after=a,b limit=2"));
        assert_eq!(
            next(&[&format!("{this}, {after}")]).as_deref(),
            Some("after=a,b limit=2")
        );
        assert_eq!(
            next(&["<https://a.example/x?q=1,2>; title=t; rel=next"]).as_deref(),
            Some("q=1,2")
        );
        assert_eq!(next(&[this]), None);
        assert_eq!(next(&[]), None);
        assert_eq!(next(&["<https://a.example/x>; rel=next"]), None);
        assert_eq!(next(&["nonsense; rel=next"]), None);
    }
}
