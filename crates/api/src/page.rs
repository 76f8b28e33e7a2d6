//! Lists: their paging parameters and their shape.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Responder};
use application::{CursorSeal, PageRequest, Position};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use crate::Api;
use crate::answer::PRIVATE;
use crate::extract::QueryReader;
use crate::problem::{Fault, FaultCode, INVALID_PARAMETER, Problem};
use crate::shape::{Text, shape};

/// Which part of a list: the parameters `limit` and `cursor`.
pub(crate) struct Paging {
    limit: u64,
    cursor: Option<String>,
}

impl Paging {
    pub(crate) fn from_query(query: &mut QueryReader) -> Self {
        let limit = query.take("limit", |text| match text.parse() {
            // Rust would take a plus.
            _ if text.starts_with('+') => Err("it is a number from 1 to 100"),
            Ok(limit @ 1..=PageRequest::MAX_LIMIT) => Ok(limit),
            _ => Err("it is a number from 1 to 100"),
        });
        Self {
            limit: limit.unwrap_or(PageRequest::DEFAULT_LIMIT),
            cursor: query.take("cursor", |text| match text.len() {
                1..=PageRequest::MAX_CURSOR if text.bytes().all(is_sealed) => Ok(text.to_owned()),
                _ => Err(NO_CURSOR),
            }),
        }
    }

    /// # Errors
    /// 400 for a cursor that was not made for this list in this order with these filters.
    pub(crate) fn open(
        &self,
        seal: &dyn CursorSeal,
        context: &str,
    ) -> Result<PageRequest, Problem> {
        let open = |cursor: &String| {
            seal.open(context, cursor).ok_or_else(|| {
                let fault = Fault::of_parameter("cursor", FaultCode::Invalid, NO_CURSOR);
                Problem::with_errors(&INVALID_PARAMETER, vec![fault])
            })
        };
        Ok(PageRequest {
            limit: self.limit,
            after: self.cursor.as_ref().map(open).transpose()?,
        })
    }
}

/// What a list can tell beside its page, for who asks.
#[derive(Clone, Copy, ToSchema)]
pub(crate) enum IncludeWord {
    #[schema(rename = "total")]
    Total,
}

impl IncludeWord {
    pub(crate) fn from_query(query: &mut QueryReader) -> Option<Self> {
        query.take_word("include", &[("total", Self::Total)])
    }
}

const NO_CURSOR: &str = "it is a next_cursor of the same list, order and filters";

/// Of base64url.
fn is_sealed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_".contains(&byte)
}

shape!(
    LimitShape,
    "PageLimit",
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .description(Some("How many at the most."))
        .minimum(Some(1))
        .maximum(Some(PageRequest::MAX_LIMIT))
        .default(Some(PageRequest::DEFAULT_LIMIT.into()))
        .examples([PageRequest::DEFAULT_LIMIT])
);

shape!(
    CursorShape,
    "PageCursor",
    Text {
        meaning: "The `next_cursor` of a page; nobody else can make one.",
        lengths: (1, PageRequest::MAX_CURSOR),
        pattern: Some("^[A-Za-z0-9_-]+$"),
        format: None,
        example: None,
    }
);

/// A part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageView<T> {
    /// What is on the page, in the order that was asked for.
    pub(crate) data: Vec<T>,
    pub(crate) page: PageInfo,
}

/// How the list goes on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageInfo {
    /// Send it as `cursor` for what comes next; `null` at the end.
    #[schema(value_type = Option<CursorShape>, required = true)]
    pub(crate) next_cursor: Option<String>,
    /// Whether something comes next.
    pub(crate) has_more: bool,
    /// How many there are in all, for who asked with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub(crate) total: Option<u64>,
}

impl<T> PageView<T> {
    pub(crate) fn new<U: Into<T>>(
        page: application::Page<U>,
        total: Option<u64>,
        seal: impl Fn(&Position) -> String,
    ) -> Self {
        Self {
            data: page.items.into_iter().map(Into::into).collect(),
            page: PageInfo {
                has_more: page.next.is_some(),
                next_cursor: page.next.as_ref().map(seal),
                total,
            },
        }
    }
}

impl<T: Serialize> Responder for PageView<T> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CACHE_CONTROL, PRIVATE));
        response.insert_header((header::VARY, "Accept-Encoding"));
        if let Some(cursor) = &self.page.next_cursor {
            let next = next_address(request, cursor);
            response.insert_header((header::LINK, format!("<{next}>; rel=\"next\"")));
        }
        response.json(self)
    }
}

/// The same address with another cursor (RFC 8288).
fn next_address(request: &HttpRequest, cursor: &str) -> String {
    let kept = request.query_string().split('&');
    let kept = kept.filter(|it| !it.is_empty() && !is_cursor(it));
    let query: Vec<_> = kept
        .map(str::to_owned)
        .chain([format!("cursor={cursor}")])
        .collect();
    let api = Api::of(request);
    format!(
        "{}{}?{}",
        api.policy().public_url,
        request.path(),
        query.join("&")
    )
}

/// However the name is written: `%63ursor` is the same one.
fn is_cursor(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default();
    percent_decode_str(name).eq(b"cursor".iter().copied())
}
