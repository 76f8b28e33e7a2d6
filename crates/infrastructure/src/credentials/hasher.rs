use std::fmt;
use std::sync::Arc;

use application::Error;
use application::credentials::{PasswordHash, PasswordHasher, Verdict};
use argon2::{Argon2, Block, Params};
use async_trait::async_trait;
use aws_lc_rs::rand;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use unicode_normalization::UnicodeNormalization;

use super::memory_pool::MemoryPool;
use super::phc::{self, HASH_LENGTH, SALT_LENGTH, StoredHash};

/// What a password costs, and how many may cost it at once (OWASP Password Storage Cheat Sheet:
/// at least 19 MiB, 2 iterations, 1 lane).
#[derive(Debug, Clone, Copy)]
pub struct HashingPolicy {
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
    /// Each works on a thread of its own, in memory of its own that it keeps.
    pub max_concurrent: usize,
    pub max_waiting: usize,
}

/// Argon2id (RFC 9106), on the threads for blocking work.
pub struct Argon2Hasher {
    params: Params,
    /// One for each call, waiting or at work.
    places: Arc<Semaphore>,
    /// One for each call at work.
    workers: Arc<Semaphore>,
    memory: Arc<MemoryPool>,
}

impl Argon2Hasher {
    /// # Errors
    /// Why nothing can be hashed that way.
    pub fn new(policy: HashingPolicy) -> Result<Self, HashingPolicyError> {
        let params = Params::new(
            policy.memory_kib,
            policy.iterations,
            policy.parallelism,
            Some(HASH_LENGTH),
        )
        .map_err(HashingPolicyError::Parameters)?;
        if !phc::is_bearable(&params) {
            return Err(HashingPolicyError::TooCostly);
        }
        let places = policy.max_concurrent.saturating_add(policy.max_waiting);
        if policy.max_concurrent == 0 || places > Semaphore::MAX_PERMITS {
            return Err(HashingPolicyError::Concurrency);
        }
        Ok(Self {
            places: Arc::new(Semaphore::new(places)),
            workers: Arc::new(Semaphore::new(policy.max_concurrent)),
            memory: Arc::new(MemoryPool::new(params.block_count())),
            params,
        })
    }

    async fn run(
        &self,
        password: &SecretString,
        params: Params,
        salt: Vec<u8>,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::Overloaded)?;
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| Error::Overloaded)?;
        let memory = Arc::clone(&self.memory);
        let password = password.clone();
        spawn_blocking(move || {
            // The work goes on when its caller has left; so its place is not free before its end.
            let _held = (place, worker);
            let mut blocks = memory.take();
            let hash = derive(&password, params, &salt, &mut blocks);
            memory.put_back(blocks);
            hash
        })
        .await
        .unwrap_or_else(|_| Err(broken("the hashing of a password did not end")))
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &SecretString) -> Result<PasswordHash, Error> {
        let mut salt = vec![0; SALT_LENGTH];
        rand::fill(&mut salt).map_err(|_| broken("the system gives no random bytes"))?;
        let output = self
            .run(password, self.params.clone(), salt.clone())
            .await?;
        let text = phc::encode(&self.params, &salt, &output);
        text.map(PasswordHash)
            .map_err(|_| broken("a password hash has no PHC string"))
    }

    async fn verify<'a>(
        &self,
        password: &SecretString,
        hash: Option<&'a PasswordHash>,
    ) -> Result<Verdict, Error> {
        let stored = hash.and_then(|hash| StoredHash::parse(&hash.0));
        // Without a hash the work is that of a new one, or the time would tell who has an account
        // (OWASP Authentication Cheat Sheet, "Authentication and Error Messages").
        let (params, salt) = match &stored {
            Some(stored) => (stored.params.clone(), stored.salt.to_vec()),
            None => (self.params.clone(), vec![0; SALT_LENGTH]),
        };
        let output = self.run(password, params, salt).await?;
        match (hash, stored) {
            (Some(_), Some(stored)) if stored.is(&output) => Ok(Verdict::Right {
                outdated: stored.params != self.params,
            }),
            (Some(_), None) => Err(broken(
                "a stored password hash is not Argon2id as a PHC string, or costs too much",
            )),
            (None, _) | (Some(_), Some(_)) => Ok(Verdict::Wrong),
        }
    }
}

fn derive(
    password: &SecretString,
    params: Params,
    salt: &[u8],
    blocks: &mut Vec<Block>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let missing = params.block_count().saturating_sub(blocks.len());
    blocks
        .try_reserve_exact(missing)
        .map_err(|_| broken("there is no memory to hash a password in"))?;
    blocks.resize(blocks.len() + missing, Block::new());

    let password = password.expose_secret();
    // The same letters in other code points are the same password (RFC 8265, section 4.2.2).
    // NFC makes UTF-8 at most three times as long (Unicode FAQ, Normalization): with that much
    // room it never moves, and leaves no copy behind.
    let mut normal = Zeroizing::new(String::with_capacity(3 * password.len()));
    normal.extend(password.nfc());

    let length = params.output_len().unwrap_or(HASH_LENGTH);
    let mut output = Zeroizing::new(vec![0; length]);
    Argon2::new(phc::ALGORITHM, phc::VERSION, params)
        .hash_password_into_with_memory(normal.as_bytes(), salt, &mut output, blocks)
        .map_err(|error| Error::Broken(format!("a password cannot be hashed: {error}")))?;
    Ok(output)
}

fn broken(text: &str) -> Error {
    Error::Broken(text.to_owned())
}

/// Why a policy cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashingPolicyError {
    Parameters(argon2::Error),
    TooCostly,
    Concurrency,
}

impl fmt::Display for HashingPolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameters(error) => write!(f, "Argon2 refuses the parameters: {error}"),
            Self::TooCostly => f.write_str("a password may cost up to 1 GiB and 16 iterations"),
            Self::Concurrency => {
                f.write_str("at least one password is hashed at once, and only so many wait")
            }
        }
    }
}

impl std::error::Error for HashingPolicyError {}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const POLICY: HashingPolicy = HashingPolicy {
        memory_kib: 16,
        iterations: 1,
        parallelism: 1,
        max_concurrent: 1,
        max_waiting: 64,
    };

    fn hasher() -> Argon2Hasher {
        Argon2Hasher::new(POLICY).unwrap()
    }

    /// Whether it is ready, without waiting.
    fn poll<T>(future: impl Future<Output = T>) -> Poll<T> {
        pin!(future).poll(&mut Context::from_waker(Waker::noop()))
    }

    async fn verdict(password: &str, hash: &str) -> Result<Verdict, Error> {
        let hash = PasswordHash(hash.into());
        hasher().verify(&password.into(), Some(&hash)).await
    }

    #[tokio::test]
    async fn a_hash_is_a_phc_string_with_a_salt_of_its_own() {
        let password = "dressed stone".into();

        let hash = hasher().hash(&password).await.unwrap().0;

        assert!(hash.starts_with("$argon2id$v=19$m=16,t=1,p=1$"), "{hash}");
        let stored = StoredHash::parse(&hash).unwrap();
        assert_eq!(stored.salt.len(), 16);
        assert_eq!(stored.params.output_len(), Some(32));
        assert_ne!(hash, hasher().hash(&password).await.unwrap().0);
    }

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let hash = hasher().hash(&"dressed stone".into()).await.unwrap().0;

        let right = Verdict::Right { outdated: false };
        assert_eq!(verdict("dressed stone", &hash).await, Ok(right));
        for other in ["dressed ston", "dressed stone ", "Dressed stone", ""] {
            assert_eq!(verdict(other, &hash).await, Ok(Verdict::Wrong), "{other}");
        }
    }

    #[tokio::test]
    async fn composed_and_decomposed_letters_are_the_same_password() {
        let hash = hasher().hash(&"caf\u{e9}".into()).await.unwrap().0;

        let right = Verdict::Right { outdated: false };
        assert_eq!(verdict("cafe\u{301}", &hash).await, Ok(right));
    }

    /// From the tests of the reference implementation (phc-winner-argon2, `src/test.c`).
    #[tokio::test]
    async fn a_hash_with_other_parameters_is_verified_and_outdated() {
        let foreign = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ\
                       $nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

        let right = Verdict::Right { outdated: true };
        assert_eq!(verdict("password", foreign).await, Ok(right));
        assert_eq!(verdict("passwort", foreign).await, Ok(Verdict::Wrong));
    }

    #[tokio::test]
    async fn memory_is_used_again_unless_an_old_hash_made_it_larger() {
        let hasher = hasher();
        let larger = Argon2Hasher::new(HashingPolicy {
            memory_kib: 32,
            ..POLICY
        });
        let old = larger.unwrap().hash(&"stone".into()).await.unwrap();

        for _ in 0..3 {
            hasher.hash(&"stone".into()).await.unwrap();
            let idle: Vec<usize> = hasher.memory.idle().iter().map(Vec::len).collect();
            assert_eq!(idle, [16]);
        }
        hasher.verify(&"stone".into(), Some(&old)).await.unwrap();

        assert!(hasher.memory.idle().is_empty());
    }

    #[tokio::test]
    async fn without_a_hash_it_works_as_much_and_says_wrong() {
        let hasher = hasher();

        let verdict = hasher.verify(&"stone".into(), None).await;

        assert_eq!(verdict, Ok(Verdict::Wrong));
        assert_eq!(hasher.memory.idle().len(), 1, "nothing was worked in");
    }

    #[tokio::test]
    async fn an_unusable_hash_is_broken_after_the_same_work() {
        let hasher = hasher();
        let hash = PasswordHash("$2b$12$c29tZXNhbHQ".into());

        let verdict = hasher.verify(&"dressed stone".into(), Some(&hash)).await;

        let Err(Error::Broken(text)) = verdict else {
            panic!("{verdict:?}");
        };
        assert!(!text.contains("c29t") && !text.contains("dressed"));
        assert_eq!(hasher.memory.idle().len(), 1, "nothing was worked in");
    }

    #[tokio::test]
    async fn the_65th_waiter_is_refused_at_once() {
        let hasher = hasher();
        let password = SecretString::from("stone");
        // Whoever works stops here, for the first thing that it needs is memory.
        let gate = hasher.memory.idle();
        let mut inside: Vec<_> = (0..65).map(|_| hasher.hash(&password)).collect();
        assert!(inside.iter_mut().all(|call| poll(call).is_pending()));

        let refused = poll(hasher.hash(&password));
        let unknown = poll(hasher.verify(&password, None));

        assert_eq!(refused, Poll::Ready(Err(Error::Overloaded)));
        assert_eq!(unknown, Poll::Ready(Err(Error::Overloaded)));
        drop(gate);
        for call in inside {
            call.await.unwrap();
        }
        assert_eq!(hasher.memory.idle().len(), 1, "one worker, one memory");
    }

    #[tokio::test]
    async fn who_stops_waiting_makes_room() {
        let hasher = hasher();
        let password = SecretString::from("stone");
        let gate = hasher.memory.idle();
        let mut inside: Vec<_> = (0..65).map(|_| hasher.hash(&password)).collect();
        assert!(inside.iter_mut().all(|call| poll(call).is_pending()));

        inside.pop();

        assert!(poll(hasher.hash(&password)).is_pending());
        drop(gate);
    }

    #[tokio::test]
    async fn work_keeps_its_place_when_its_caller_leaves() {
        // Long enough work that whoever lets go of its place too early is seen.
        let policy = HashingPolicy {
            memory_kib: 16 * 1024,
            ..POLICY
        };
        let hasher = Argon2Hasher::new(policy).unwrap();
        let gate = hasher.memory.idle();
        {
            let password = SecretString::from("stone");
            assert!(poll(hasher.hash(&password)).is_pending());
        }

        assert_eq!(hasher.workers.available_permits(), 0);
        assert_eq!(hasher.places.available_permits(), 64);
        drop(gate);
        let _free = hasher.workers.acquire().await.unwrap();
        assert_eq!(hasher.memory.idle().len(), 1, "the work was done");
    }

    #[test]
    fn a_policy_that_cannot_be_followed_is_an_error() {
        use HashingPolicyError::{Concurrency, Parameters, TooCostly};
        use argon2::Error::{MemoryTooLittle, ThreadsTooFew, TimeTooSmall};
        let changed = |change: fn(&mut HashingPolicy)| {
            let mut policy = POLICY;
            change(&mut policy);
            Argon2Hasher::new(policy).err()
        };

        for (refused, why) in [
            (changed(|it| it.memory_kib = 7), Parameters(MemoryTooLittle)),
            (changed(|it| it.iterations = 0), Parameters(TimeTooSmall)),
            (changed(|it| it.parallelism = 0), Parameters(ThreadsTooFew)),
            (
                changed(|it| it.parallelism = 3),
                Parameters(MemoryTooLittle),
            ),
            (changed(|it| it.memory_kib = 1_048_577), TooCostly),
            (changed(|it| it.iterations = 17), TooCostly),
            (changed(|it| it.max_concurrent = 0), Concurrency),
            (changed(|it| it.max_waiting = usize::MAX), Concurrency),
        ] {
            assert_eq!(refused, Some(why));
        }
        assert_eq!(changed(|it| it.max_waiting = 0), None);
    }
}
