//! Where a change with code of its own is made, and what it does there. Every [`Bend`](super::Bend) has exactly one
//! [`Work`], and every kind of work is carried out by one exhaustive match, so that a change without an effect does not
//! compile.

use super::answers::AnswerChange;
use super::change::Change;
use super::headers::ResponseChange;
use super::pages::PageChange;
use super::redirects::RedirectChange;
use super::tokens::TokenChange;

/// What a change does, by the place where it is made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work {
    /// To a token that the answer is about to carry, before it is signed.
    Token(TokenChange),
    /// To the members of a JSON answer.
    Answer(AnswerChange),
    /// To a token and to the members beside it.
    TokenAndAnswer(TokenChange, AnswerChange),
    /// To the address that the browser is sent to.
    Redirect(RedirectChange),
    /// To the HTML of a page.
    Page(PageChange),
    /// To the finished response: its status, its header fields, or the body of a refusal.
    Response(ResponseChange),
    /// Nothing to a finished answer: a rule asks for the change while it decides.
    Decision,
    /// What a line of the tables of changes says.
    Table(&'static Change),
}
