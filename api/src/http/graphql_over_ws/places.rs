//! How many sockets may be open: so many on one node, and of these no client may take more than a few, or it would shut
//! everybody else out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limiter::network;

/// Sockets open at once on one node.
pub const SOCKETS: usize = 4_096;
/// Sockets open at once of one client.
pub const SOCKETS_OF_CLIENT: usize = 64;

/// The places for sockets.
#[derive(Clone, Debug)]
pub struct SocketPlaces {
    free: Arc<Semaphore>,
    /// How many places each client has.
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Default for SocketPlaces {
    fn default() -> Self {
        Self {
            free: Arc::new(Semaphore::new(SOCKETS)),
            taken: Arc::default(),
        }
    }
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// The client has as many as it may.
    OfClient,
    /// All are taken.
    AtAll,
}

/// A place, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    _permit: OwnedSemaphorePermit,
    client: Option<IpAddr>,
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl SocketPlaces {
    /// Takes a place for a client; one of whom no address is known counts only among all.
    pub(super) fn take(&self, client: Option<IpAddr>) -> Result<Place, NoPlace> {
        let permit = self.free.clone().try_acquire_owned();
        let permit = permit.map_err(|_| NoPlace::AtAll)?;
        let client = client.map(network);
        if let Some(client) = client {
            let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let count = taken.entry(client).or_default();
            if *count >= SOCKETS_OF_CLIENT {
                return Err(NoPlace::OfClient);
            }
            *count += 1;
        }
        Ok(Place {
            _permit: permit,
            client,
            taken: self.taken.clone(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(client) = self.client else {
            return;
        };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(places: &SocketPlaces, address: &str) -> Result<Place, NoPlace> {
        places.take(Some(address.parse().unwrap()))
    }

    #[test]
    fn a_client_has_its_places_and_others_have_theirs() {
        let places = SocketPlaces::default();
        let mut taken: Vec<_> = (0..SOCKETS_OF_CLIENT)
            .map(|_| take(&places, "2001:db8::1").unwrap())
            .collect();
        let refused = |address: &str| take(&places, address).err();
        assert_eq!(refused("2001:db8::2"), Some(NoPlace::OfClient));
        assert_eq!(refused("2001:db8:0:1::1"), None);
        taken.pop();
        assert_eq!(refused("2001:db8::1"), None);
        // What nobody has any more is not kept in memory.
        drop(taken);
        assert!(places.taken.lock().unwrap().is_empty());
        assert_eq!(places.free.available_permits(), SOCKETS);
    }

    #[test]
    fn there_are_no_more_places_than_there_are() {
        let places = SocketPlaces::default();
        let taken: Vec<_> = (0..SOCKETS).map(|_| places.take(None).unwrap()).collect();
        assert_eq!(take(&places, "192.0.2.1").err(), Some(NoPlace::AtAll));
        drop(taken);
        assert!(take(&places, "192.0.2.1").is_ok());
    }
}
