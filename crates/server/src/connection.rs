//! A connection that nobody holds for nothing. actix ends one whose first head is slow, or that is
//! idle; a later head that never ends, and answers that are never read, it waits for without end.
//! And where a thread was kept busy for longer than one of its time limits, it forgets that limit.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// A stream that fails once one side has kept the other waiting for too long.
#[derive(Debug)]
pub(crate) struct Watched<T> {
    stream: T,
    /// What a request may take, from its first byte to the first byte of its answer; and how long
    /// a client may take nothing of what it is sent.
    limit: Duration,
    /// How long nothing at all may happen.
    idle: Duration,
    awaits: Awaits,
    until: Pin<Box<Sleep>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Nothing,
    Answer,
    Reader,
}

impl<T> Watched<T> {
    pub(crate) fn new(stream: T, limit: Duration, idle: Duration) -> Self {
        Self {
            stream,
            limit,
            idle,
            awaits: Awaits::Nothing,
            until: Box::pin(sleep(idle)),
        }
    }

    fn begin(&mut self, what: Awaits) {
        let limit = match what {
            Awaits::Nothing => self.idle,
            Awaits::Answer | Awaits::Reader => self.limit,
        };
        self.awaits = what;
        self.until.as_mut().reset(Instant::now() + limit);
    }

    /// Nothing can be done now, unless it is too late for anything.
    fn pending<R>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<R>> {
        let late = self.until.as_mut().poll(cx);
        late.map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // Or whoever asks and never reads would fill the memory with answers.
        if self.awaits == Awaits::Reader {
            return self.pending(cx);
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_pending() {
            return self.pending(cx);
        }
        if buffer.filled().len() > before && self.awaits == Awaits::Nothing {
            self.begin(Awaits::Answer);
        }
        read
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if written.is_pending() {
            if self.awaits != Awaits::Reader {
                self.begin(Awaits::Reader);
            }
            return self.pending(cx);
        }
        if self.awaits == Awaits::Reader {
            // What has come meanwhile was not looked at.
            cx.waker().wake_by_ref();
        }
        self.begin(Awaits::Nothing);
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::{Wake, Waker};

    use tokio::time::timeout;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    /// Has a byte for whoever reads, and takes all bytes or none.
    struct Stream {
        silent: bool,
        full: bool,
    }

    impl AsyncRead for Stream {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if self.silent {
                return Poll::Pending;
            }
            buffer.put_slice(b"x");
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Stream {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            if self.full {
                return Poll::Pending;
            }
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn watched(limit: Duration) -> Watched<Stream> {
        let stream = Stream {
            silent: false,
            full: false,
        };
        Watched::new(stream, limit, HOUR)
    }

    fn read(it: &mut Watched<Stream>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(it).poll_read(cx, &mut ReadBuf::new(&mut [0]))
    }

    fn write(it: &mut Watched<Stream>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        Pin::new(it).poll_write(cx, b"y")
    }

    #[tokio::test]
    async fn what_nobody_takes_is_given_up() {
        let mut stream = watched(Duration::ZERO);
        stream.stream.full = true;

        let written = timeout(HOUR / 60, poll_fn(|cx| write(&mut stream, cx))).await;

        assert_eq!(
            written.unwrap().unwrap_err().kind(),
            io::ErrorKind::TimedOut
        );
    }

    #[tokio::test]
    async fn what_nobody_answers_is_given_up() {
        let mut stream = watched(Duration::ZERO);
        poll_fn(|cx| read(&mut stream, cx)).await.unwrap();
        stream.stream.silent = true;

        let more = timeout(HOUR / 60, poll_fn(|cx| read(&mut stream, cx))).await;

        assert_eq!(more.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_says_nothing_is_given_up() {
        let mut stream = watched(HOUR);
        stream.idle = Duration::ZERO;
        stream.stream.silent = true;
        poll_fn(|cx| write(&mut stream, cx)).await.unwrap();

        let more = timeout(HOUR / 60, poll_fn(|cx| read(&mut stream, cx))).await;

        assert_eq!(more.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    /// Byte by byte is no way around it.
    #[tokio::test]
    async fn more_of_a_request_gives_it_no_more_time() {
        let mut stream = watched(HOUR);
        poll_fn(|cx| read(&mut stream, cx)).await.unwrap();
        let until = stream.until.deadline();

        poll_fn(|cx| read(&mut stream, cx)).await.unwrap();

        assert_eq!(stream.until.deadline(), until);
    }

    #[tokio::test]
    async fn after_an_answer_there_is_time_again() {
        let mut stream = watched(Duration::ZERO);
        poll_fn(|cx| read(&mut stream, cx)).await.unwrap();
        stream.stream.silent = true;

        poll_fn(|cx| write(&mut stream, cx)).await.unwrap();

        let mut cx = Context::from_waker(Waker::noop());
        assert!(read(&mut stream, &mut cx).is_pending());
    }

    /// Remembers that it was called.
    #[derive(Default)]
    struct Called(AtomicBool);

    impl Wake for Called {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn who_does_not_listen_is_not_heard() {
        let mut stream = watched(HOUR);
        stream.stream.full = true;
        let called = Arc::new(Called::default());
        let waker = Waker::from(Arc::clone(&called));
        let mut cx = Context::from_waker(&waker);
        assert!(write(&mut stream, &mut cx).is_pending());

        let unheard = read(&mut stream, &mut cx);
        stream.stream.full = false;
        let taken = write(&mut stream, &mut cx);
        let heard = read(&mut stream, &mut cx);

        assert!(unheard.is_pending());
        assert!(taken.is_ready());
        assert!(called.0.load(Ordering::Relaxed), "nobody would read again");
        assert!(heard.is_ready());
    }
}
