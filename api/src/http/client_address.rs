//! Whose request it is, for throttles. Behind our own proxies the socket's peer is the proxy: the client is what the
//! outermost of them saw, and wrote into `X-Forwarded-For`. What stands left of that, and whatever comes from a peer that is
//! no proxy of ours, anybody may have made up.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::config::Network;

/// The client's address: the peer's, or the last one on the way here that is not in `trusted_proxies`.
pub fn client_address(parts: &Parts, trusted_proxies: &[Network]) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    let is_proxy = |address: IpAddr| trusted_proxies.iter().any(|it| it.contains(address));
    let mut client = peer;
    let mut way_back = forwarded(&parts.headers);
    // Each proxy names the one before it. One that names nobody, or something else than an address, is as far as we see.
    while is_proxy(client) {
        let Some(before) = way_back.next().flatten() else {
            break;
        };
        client = before;
    }
    Some(client)
}

/// The entries of `X-Forwarded-For`, the last first; none in the place of one that is no address.
fn forwarded(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    headers
        .get_all("x-forwarded-for")
        .iter()
        .rev()
        .flat_map(|value| value.to_str().unwrap_or_default().rsplit(','))
        .map(|entry| address(entry.trim()))
}

/// Some proxies add the port, and then brackets around an IPv6 address.
fn address(entry: &str) -> Option<IpAddr> {
    let in_brackets = entry
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let with_port = |_| entry.parse().map(|address: SocketAddr| address.ip());
    in_brackets.unwrap_or(entry).parse().or_else(with_port).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, Request};

    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let mut request = Request::builder();
        for value in forwarded {
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            request = request.header("X-Forwarded-For", value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: IpAddr = peer.parse().unwrap();
        parts
            .extensions
            .insert(ConnectInfo(SocketAddr::from((peer, 4711))));
        let trusted: Vec<Network> = ["10.0.0.0/8", "2001:db8:1::/48"]
            .map(|network| network.parse().unwrap())
            .into();
        client_address(&parts, &trusted).unwrap().to_string()
    }

    #[test]
    fn what_comes_from_elsewhere_than_a_proxy_of_ours_is_not_believed() {
        for peer in ["198.51.100.7", "11.0.0.1", "2001:db8:2::1"] {
            assert_eq!(client(peer, &["192.0.2.1"]), peer);
            assert_eq!(client(peer, &["192.0.2.1, 10.0.0.1"]), peer);
        }
    }

    #[test]
    fn the_client_is_the_last_on_the_way_that_is_no_proxy_of_ours() {
        for forwarded in [
            &["198.51.100.7"][..],
            &["192.0.2.1, 198.51.100.7"],
            &["192.0.2.1", "198.51.100.7"],
            &["192.0.2.1, 198.51.100.7, 10.0.0.2"],
            &[
                "192.0.2.1",
                "198.51.100.7 ,10.0.0.2",
                "2001:db8:1::5,10.9.9.9",
            ],
            &["10.0.0.3, 198.51.100.7"],
            &["198.51.100.7:1234"],
        ] {
            assert_eq!(client(PROXY, forwarded), "198.51.100.7", "{forwarded:?}");
        }
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        for v6 in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:1234"] {
            assert_eq!(client(PROXY, &[v6]), "2001:db8::1");
        }
    }

    #[test]
    fn where_a_proxy_names_nobody_the_proxy_counts() {
        assert_eq!(client(PROXY, &[]), PROXY);
        for garbage in ["", "unknown", "198.51.100", "192.0.2.1,", "é"] {
            assert_eq!(client(PROXY, &[garbage]), PROXY, "{garbage}");
            assert_eq!(client(PROXY, &["192.0.2.1", garbage]), PROXY, "{garbage}");
            let behind = [garbage, "10.0.0.2"];
            assert_eq!(client(PROXY, &behind), "10.0.0.2", "{garbage}");
        }
        assert_eq!(client(PROXY, &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }
}
