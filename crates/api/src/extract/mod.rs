//! What handlers ask for. All but the body are read at once from what the middleware left, in the
//! order of the parameters: so the order of faults is the same however the bytes arrive.

mod body;
mod faults;
mod form;
mod id;
mod if_match;
mod query;
mod service;
mod trusted_page;
mod who;

pub(crate) use body::{Json, MergePatch};
pub(crate) use form::{FORM, Form};
pub(crate) use id::Id;
pub(crate) use if_match::{EntityTagsShape, IfMatch, entity_tags};
pub(crate) use query::{FromQuery, Query, QueryReader};
pub(crate) use service::Service;
pub(crate) use trusted_page::TrustedPage;
pub(crate) use who::{Anyone, Caller, MAX_AGE, May, RecentCaller, SessionCaller};
