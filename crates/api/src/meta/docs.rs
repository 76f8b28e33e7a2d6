//! The document for people: Swagger UI, all of it from this server.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::middleware::Compress;
use actix_web::web::{Bytes, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use utoipa_swagger_ui::Config;

use crate::Api;
use crate::extract::Anyone;
use crate::problem::{NOT_FOUND, Problem};
use crate::tagged_bytes::TaggedBytes;

/// Show the operations
///
/// A page on which they can be read and tried.
#[utoipa::path(tag = "meta", operation_id = "getDocs", security(()),
    responses((status = OK, description = "The page", body = String, content_type = "text/html"),
              (status = NOT_MODIFIED, description = "You have it already")),
    extensions(("x-problems" = json!([NOT_FOUND.code]))))]
#[get("/docs", wrap = "Compress::default()")]
pub(super) async fn get_docs(
    _anyone: Anyone,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let docs = Api::of(&request).docs().ok_or_else(Problem::not_found)?;
    let mut response = docs.page.answer(&request);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, OWN_SCRIPTS_AND_STYLES);
    Ok(response)
}

/// Show a file of that page
///
/// A script or a style sheet.
#[utoipa::path(tag = "meta", operation_id = "getDocsFile", security(()),
    params(("file" = String, Path, description = "Its name", example = "docs.js")),
    responses((status = OK, description = "The file",
                  content((String = "text/css"), (String = "text/javascript"))),
              (status = NOT_MODIFIED, description = "You have it already")))]
#[get("/docs/{file}", wrap = "Compress::default()")]
pub(super) async fn get_docs_file(
    _anyone: Anyone,
    name: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let docs = Api::of(&request).docs().ok_or_else(Problem::not_found)?;
    let found = docs.files.iter().find(|(own, _)| **own == **name);
    let (_, file) = found.ok_or_else(Problem::not_found)?;
    Ok(file.answer(&request))
}

/// The page may load and call this server, and nobody else.
const OWN_SCRIPTS_AND_STYLES: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The page, and every file that it loads.
pub(crate) struct Docs {
    page: TaggedBytes,
    files: [(&'static str, TaggedBytes); 4],
}

impl Docs {
    /// # Panics
    /// Never: Swagger UI is compiled in.
    pub(crate) fn new() -> Self {
        let own = |text: &'static str, media_type| TaggedBytes::new(media_type, text);
        Self {
            page: own(
                include_str!("../../assets/docs.html"),
                "text/html; charset=utf-8",
            ),
            files: [
                ("docs.css", own(include_str!("../../assets/docs.css"), CSS)),
                (
                    "docs.js",
                    own(include_str!("../../assets/docs.js"), JAVASCRIPT),
                ),
                ("swagger-ui.css", swagger_ui("swagger-ui.css", CSS)),
                (
                    "swagger-ui-bundle.js",
                    swagger_ui("swagger-ui-bundle.js", JAVASCRIPT),
                ),
            ],
        }
    }
}

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

fn swagger_ui(name: &str, media_type: &'static str) -> TaggedBytes {
    let file = utoipa_swagger_ui::serve(name, Arc::new(Config::default()));
    let file = file.ok().flatten().expect("Swagger UI has this file");
    let bytes = match file.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    TaggedBytes::new(media_type, bytes)
}
