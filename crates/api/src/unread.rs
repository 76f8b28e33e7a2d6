//! Bodies that are still arriving when their request is answered already. actix reads a chunked one
//! to its end, once nobody holds it, however long that takes; one that is still held when the answer
//! has gone ends the connection.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::Stream;

/// A request's body, which its handler reads and [`Unread::until_sent`] holds.
#[derive(Clone)]
pub(crate) struct Unread {
    payload: Rc<RefCell<Payload>>,
    ended: Rc<Cell<bool>>,
}

impl Unread {
    /// `None` for a request without a body.
    pub(crate) fn of(request: &mut ServiceRequest) -> Option<Self> {
        match request.take_payload() {
            Payload::None => None,
            payload => {
                let shared = Self {
                    payload: Rc::new(RefCell::new(payload)),
                    ended: Rc::default(),
                };
                let stream = Box::pin(shared.clone());
                request.set_payload(Payload::Stream { payload: stream });
                Some(shared)
            }
        }
    }

    /// Whether it was read to its end.
    pub(crate) fn is_read(&self) -> bool {
        self.ended.get()
    }

    pub(crate) fn until_sent(self, answer: BoxBody) -> BoxBody {
        BoxBody::new(Holding {
            answer,
            _unread: self,
        })
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut *self.payload.borrow_mut()).poll_next(cx);
        if matches!(next, Poll::Ready(None)) {
            self.ended.set(true);
        }
        next
    }
}

struct Holding {
    answer: BoxBody,
    _unread: Unread,
}

impl MessageBody for Holding {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.answer).poll_next(cx)
    }
}
