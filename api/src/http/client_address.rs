//! Whose request it is, for throttles. Behind our own proxies the socket's peer is the proxy: the client is what the
//! outermost of them saw, which it wrote into `X-Forwarded-For`. What stands left of that a client may have made up.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::request::Parts;

/// The client's address, believing as many entries of `X-Forwarded-For`, from the right, as there are proxies of ours.
pub fn client_address(parts: &Parts, trusted_proxies: u8) -> Option<IpAddr> {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    match trusted_proxies {
        0 => peer,
        hops => forwarded(&parts.headers, usize::from(hops)).or(peer),
    }
}

fn forwarded(headers: &HeaderMap, hops: usize) -> Option<IpAddr> {
    let entries: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let entry = entries.iter().rev().nth(hops - 1)?;
    // Some proxies add the port.
    entry
        .parse()
        .or_else(|_| entry.parse().map(|address: SocketAddr| address.ip()))
        .ok()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn client(forwarded: &[&str], trusted_proxies: u8) -> String {
        let mut request = Request::builder();
        for value in forwarded {
            request = request.header("X-Forwarded-For", *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: SocketAddr = "10.0.0.1:4711".parse().unwrap();
        parts.extensions.insert(ConnectInfo(peer));
        client_address(&parts, trusted_proxies).unwrap().to_string()
    }

    #[test]
    fn without_proxies_nothing_a_client_writes_is_believed() {
        assert_eq!(client(&["198.51.100.7"], 0), "10.0.0.1");
    }

    #[test]
    fn the_outermost_trusted_proxy_tells_the_client() {
        assert_eq!(client(&["198.51.100.7"], 1), "198.51.100.7");
        assert_eq!(client(&["1.1.1.1, 198.51.100.7"], 1), "198.51.100.7");
        assert_eq!(client(&["1.1.1.1", "198.51.100.7"], 1), "198.51.100.7");
        assert_eq!(
            client(&["1.1.1.1, 198.51.100.7, 10.0.0.2"], 2),
            "198.51.100.7"
        );
        assert_eq!(client(&["198.51.100.7:1234"], 1), "198.51.100.7");
        assert_eq!(client(&["2001:db8::1"], 1), "2001:db8::1");
    }

    #[test]
    fn when_the_proxies_say_nothing_usable_the_peer_counts() {
        assert_eq!(client(&[], 1), "10.0.0.1");
        assert_eq!(client(&["198.51.100.7"], 2), "10.0.0.1");
        assert_eq!(client(&["unknown"], 1), "10.0.0.1");
    }
}
