use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where a request came from, as closely as it is kept: an IPv4 /24 or an IPv6 /64. That tells one
/// provider from another, and not one household from the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpAddr);

impl Network {
    #[must_use]
    pub fn of(client: IpAddr) -> Self {
        // An IPv4 client of a socket for both looks like `::ffff:192.0.2.1` (RFC 4291, section 2.5.5.2).
        Self(match client.to_canonical() {
            IpAddr::V4(it) => Ipv4Addr::from_bits(it.to_bits() & (!0 << 8)).into(),
            IpAddr::V6(it) => Ipv6Addr::from_bits(it.to_bits() & (!0 << 64)).into(),
        })
    }

    /// `None` for what [`Network`] does not write.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, _) = text.split_once('/')?;
        let network = Self::of(address.parse().ok()?);
        (network.to_string() == text).then_some(network)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = if self.0.is_ipv4() { 24 } else { 64 };
        write!(f, "{}/{bits}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(client: &str) -> String {
        Network::of(client.parse().unwrap()).to_string()
    }

    #[test]
    fn the_client_is_lost_in_its_network() {
        assert_eq!(written("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(written("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(written("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(written("::1"), "::/64");
    }

    #[test]
    fn what_is_written_can_be_read_and_nothing_else() {
        for client in ["203.0.113.77", "2001:db8::1"] {
            let network = Network::of(client.parse().unwrap());

            assert_eq!(Network::parse(&network.to_string()), Some(network));
        }
        for text in [
            "",
            "203.0.113.77",
            "203.0.113.77/24",
            "203.0.113.0/25",
            "x/24",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
