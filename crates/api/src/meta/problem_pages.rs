//! What the `type` of a problem leads to: a page for people about that kind of problem.

use actix_web::middleware::Compress;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};

use super::html::{Html, document, element, link, text};
use crate::Api;
use crate::extract::Anyone;
use crate::problem::{Kind, Problem, catalogue};
use crate::tagged_bytes::TaggedBytes;

/// List the kinds of problems
///
/// A page for people.
#[utoipa::path(tag = "meta", operation_id = "listProblems", security(()),
    responses((status = OK, description = "The page", body = String, content_type = "text/html"),
              (status = NOT_MODIFIED, description = "You have it already")))]
#[get("/problems", wrap = "Compress::default()")]
pub(super) async fn list_problems(_anyone: Anyone, request: HttpRequest) -> HttpResponse {
    Api::of(&request).problem_pages().list.answer(&request)
}

/// Show what a kind of problem means
///
/// A page for people; the `type` of every problem leads to one.
#[utoipa::path(tag = "meta", operation_id = "getProblem", security(()),
    params(("code" = String, Path, description = "The `code` of the problem", example = "not_found")),
    responses((status = OK, description = "The page", body = String, content_type = "text/html"),
              (status = NOT_MODIFIED, description = "You have it already")))]
#[get("/problems/{code}", wrap = "Compress::default()")]
pub(super) async fn get_problem(
    _anyone: Anyone,
    code: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let pages = &Api::of(&request).problem_pages().pages;
    let page = pages.iter().find(|(own, _)| **own == **code);
    let (_, page) = page.ok_or_else(Problem::not_found)?;
    Ok(page.answer(&request))
}

/// All of them, made from the list that the answers are made from.
pub(crate) struct ProblemPages {
    list: TaggedBytes,
    pages: Vec<(&'static str, TaggedBytes)>,
}

impl ProblemPages {
    pub(crate) fn new() -> Self {
        let mut kinds: Vec<_> = catalogue().collect();
        kinds.sort_by_key(|it| (it.status, it.code));
        Self {
            list: page(&list(&kinds)),
            pages: kinds.iter().map(|it| (it.code, page(&about(it)))).collect(),
        }
    }
}

fn page(html: &str) -> TaggedBytes {
    TaggedBytes::new("text/html; charset=utf-8", html.to_owned())
}

fn list(kinds: &[&Kind]) -> String {
    let entry = |it: &&Kind| {
        let name = link(&format!("problems/{}", it.code), [code(it)]);
        [element("dt", [name]), element("dd", [text(it.title)])]
    };
    let entries = element("dl", kinds.iter().flat_map(entry));
    document("Problems", [element("h1", [text("Problems")]), entries])
}

fn about(kind: &Kind) -> String {
    let body = [
        element("h1", [text(kind.title)]),
        element("p", [code(kind)]),
        element("p", [text(kind.meaning)]),
        element("p", [link("../problems", [text("All problems")])]),
    ];
    document(kind.title, body)
}

fn code(kind: &Kind) -> Html {
    element("code", [text(&format!("{} {}", kind.status, kind.code))])
}
