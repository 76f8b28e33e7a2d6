//! What the server tells about itself.

mod docs;
mod html;
mod problem_pages;

use actix_web::middleware::Compress;
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::Api;
use crate::extract::Anyone;
use crate::problem::{NOT_FOUND, Problem};

pub(crate) use docs::Docs;
pub(crate) use problem_pages::ProblemPages;

pub(crate) fn routes(app: &mut ServiceConfig) {
    app.service(document)
        .service(problem_pages::list_problems)
        .service(problem_pages::get_problem)
        .service(docs::get_docs)
        .service(docs::get_docs_file);
}

/// Show this document
///
/// OpenAPI 3.1, made from the code that answers.
#[utoipa::path(tag = "meta", operation_id = "getDocument", security(()),
    responses((status = OK, description = "The OpenAPI document", body = Object),
              (status = NOT_MODIFIED, description = "You have it already")),
    extensions(("x-problems" = json!([NOT_FOUND.code]))))]
#[get("/openapi.json", wrap = "Compress::default()")]
async fn document(_anyone: Anyone, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let document = Api::of(&request).document();
    let document = document.ok_or_else(Problem::not_found)?;
    Ok(document.answer(&request))
}
