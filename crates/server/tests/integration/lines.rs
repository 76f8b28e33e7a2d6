//! What a program writes, line by line, as it comes.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Far more than anything takes; only what hangs gets here.
pub(crate) const DEADLINE: Duration = Duration::from_mins(1);

pub(crate) struct Lines {
    coming: Receiver<String>,
    seen: Vec<String>,
}

impl Lines {
    /// A thread of its own reads, so that the program never waits for the test.
    pub(crate) fn of(pipe: impl Read + Send + 'static) -> Self {
        let (sender, coming) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Self {
            coming,
            seen: Vec::new(),
        }
    }

    /// What `pick` makes of the first line that it takes. `None` when the program has closed the pipe before.
    pub(crate) fn find<T>(&mut self, pick: impl Fn(&str) -> Option<T>) -> Option<T> {
        let give_up = Instant::now() + DEADLINE;
        loop {
            let left = give_up.saturating_duration_since(Instant::now());
            match self.coming.recv_timeout(left) {
                Ok(line) => {
                    let picked = pick(&line);
                    self.seen.push(line);
                    if picked.is_some() {
                        return picked;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    panic!("nothing for {DEADLINE:?} after:\n{}", self.seen.join("\n"))
                }
            }
        }
    }

    /// Everything, once the program has closed the pipe.
    pub(crate) fn all(&mut self) -> String {
        self.find(|_| None::<()>);
        self.seen.iter().flat_map(|line| [line, "\n"]).collect()
    }
}
