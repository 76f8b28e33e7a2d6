use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::Block;

/// Memory that was worked in is worked in again, and not asked of the system and cleared for every
/// password. There is never more than workers have, who put theirs back before they end.
pub(super) struct MemoryPool {
    idle: Mutex<Vec<Vec<Block>>>,
    blocks: usize,
}

impl MemoryPool {
    pub(super) fn new(blocks: usize) -> Self {
        Self {
            idle: Mutex::default(),
            blocks,
        }
    }

    pub(super) fn take(&self) -> Vec<Block> {
        self.idle().pop().unwrap_or_default()
    }

    /// What an old hash made larger than needed today is not kept.
    pub(super) fn put_back(&self, memory: Vec<Block>) {
        if memory.len() <= self.blocks {
            self.idle().push(memory);
        }
    }

    /// What nobody works in now.
    pub(super) fn idle(&self) -> MutexGuard<'_, Vec<Vec<Block>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
