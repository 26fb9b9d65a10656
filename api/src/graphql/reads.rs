//! What one answer tells of other people, collected while its fields are resolved. `extensions::reads` writes it down before
//! the answer leaves.

use std::collections::BTreeSet;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use entity::id::AccountId;

use crate::context::Context;
use crate::domain::personal_reads::{Look, Subject};

/// The looks of one request.
#[derive(Debug, Default)]
pub struct Reads(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    looks: BTreeSet<Look>,
    /// Accounts that the asker has shown to be theirs in this very request, as by logging in.
    proven: BTreeSet<AccountId>,
}

impl Reads {
    /// Adds a look, unless it is at the asker's own data.
    pub fn note(&self, ctx: &Context, look: Look) {
        let mut noted = self.noted();
        let is_proven = matches!(look.subject, Subject::Account(id) if noted.proven.contains(&id));
        if !is_proven && !look.is_own(&ctx.actor) {
            noted.looks.insert(look);
        }
    }

    /// From now on the data of this account are the asker's own.
    pub fn prove(&self, account: AccountId) {
        self.noted().proven.insert(account);
    }

    /// What was noted since the last time.
    pub fn take(&self) -> BTreeSet<Look> {
        mem::take(&mut self.noted().looks)
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        // A panic elsewhere leaves the sets as whole as they were.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
