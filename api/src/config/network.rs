//! Networks in CIDR notation (RFC 4632): the addresses whose first bits are the same.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network, or one address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The first address; an IPv4 address is never in its IPv6 form.
    address: IpAddr,
    /// How many bits the addresses share, 1..=32 or 1..=128.
    prefix: u32,
}

/// Why a text names no network that may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// It is something else.
    #[error("is not an address or a network")]
    Unreadable,
    /// Bits behind the prefix are set: one of the two is wrong.
    #[error("names an address within a network; write {address}/{prefix} for the network")]
    Within {
        /// The network's first address.
        address: IpAddr,
        /// The network's prefix.
        prefix: u32,
    },
    /// All addresses there are.
    #[error("may not be every address there is (/0)")]
    Everywhere,
}

impl Network {
    /// Whether an address is in the network; both ways to write an IPv4 address are one address.
    pub fn contains(&self, address: IpAddr) -> bool {
        first(address.to_canonical(), self.prefix) == Some(self.address)
    }
}

/// The first address of the network of `address` that shares so many bits; none when the address has fewer.
fn first(address: IpAddr, prefix: u32) -> Option<IpAddr> {
    Some(match address {
        IpAddr::V4(address) => {
            let rest = 32_u32.checked_sub(prefix)?;
            let mask = u32::MAX.checked_shl(rest).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let rest = 128_u32.checked_sub(prefix)?;
            let mask = u128::MAX.checked_shl(rest).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    })
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let written: IpAddr = address.parse().map_err(|_| NetworkError::Unreadable)?;
        let bits = if written.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => prefix.parse().map_err(|_| NetworkError::Unreadable)?,
            None => bits,
        };
        let address = written.to_canonical();
        // An IPv4 address in its IPv6 form stands behind 96 bits that are always the same.
        let outer = if address.is_ipv4() { bits - 32 } else { 0 };
        if prefix <= outer {
            return Err(NetworkError::Everywhere);
        }
        let prefix = prefix - outer;
        match first(address, prefix) {
            None => Err(NetworkError::Unreadable),
            Some(first) if first == address => Ok(Self { address, prefix }),
            Some(address) => Err(NetworkError::Within { address, prefix }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_has_the_addresses_between_its_ends_and_no_other() {
        for (network, first, last, before, after) in [
            (
                "10.0.0.0/8",
                "10.0.0.0",
                "10.255.255.255",
                "9.255.255.255",
                "11.0.0.0",
            ),
            (
                "192.0.2.4/30",
                "192.0.2.4",
                "192.0.2.7",
                "192.0.2.3",
                "192.0.2.8",
            ),
            (
                "192.0.2.1",
                "192.0.2.1",
                "192.0.2.1",
                "192.0.2.0",
                "192.0.2.2",
            ),
            (
                "128.0.0.0/1",
                "128.0.0.0",
                "255.255.255.255",
                "127.255.255.255",
                "0.0.0.0",
            ),
            (
                "2001:db8::/33",
                "2001:db8::",
                "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
                "2001:db7:ffff:ffff::",
                "2001:db8:8000::",
            ),
            ("::1", "::1", "::1", "::", "::2"),
        ] {
            assert!(
                contains(network, first) && contains(network, last),
                "{network}"
            );
            assert!(
                !contains(network, before) && !contains(network, after),
                "{network}"
            );
        }
    }

    #[test]
    fn both_ways_to_write_an_ipv4_address_are_one() {
        assert!(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
        assert!(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
        assert!(!contains("::ffff:10.0.0.0/104", "11.1.2.3"));
        assert!(contains("::ffff:10.1.2.3", "10.1.2.3"));
        // The same bits in the other family are another address.
        assert!(!contains("::/8", "0.1.2.3"));
        assert!(!contains("32.1.13.184", "2001:db8::"));
    }

    #[test]
    fn what_names_no_network_is_refused_with_the_reason() {
        let error = |text: &str| text.parse::<Network>().unwrap_err();
        for unreadable in [
            "",
            "1",
            "10.0.0.0/",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "proxy",
            "10.0.0.0/-1",
        ] {
            assert_eq!(error(unreadable), NetworkError::Unreadable, "{unreadable}");
        }
        for everywhere in ["0.0.0.0/0", "::/0", "10.0.0.0/0", "::ffff:0.0.0.0/96"] {
            assert_eq!(error(everywhere), NetworkError::Everywhere, "{everywhere}");
        }
        assert_eq!(
            error("10.1.2.3/8").to_string(),
            "names an address within a network; write 10.0.0.0/8 for the network"
        );
    }
}
