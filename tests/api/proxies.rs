//! Whose word about where a request comes from is taken. Limits show whom it was taken for.

use support::{Answer, TestApp};

const KEYS: &str = "/.well-known/jwks.json";
const SMALL: [(&str, &str); 2] = [
    ("ASHLAR__LIMITS__PUBLIC_PER_MINUTE", "1"),
    ("ASHLAR__LIMITS__PUBLIC_BURST", "2"),
];

async fn behind(proxies: &str) -> TestApp {
    let settings = [
        SMALL[0],
        SMALL[1],
        ("ASHLAR__SERVER__TRUSTED_PROXIES", proxies),
    ];
    TestApp::start_with(&settings, |ports| ports).await
}

/// Each header is a line of its own.
async fn ask(app: &TestApp, headers: &[(&str, &str)]) -> Answer {
    let nobody = app.anonymous();
    let request = nobody.request(reqwest::Method::GET, KEYS);
    let request = headers
        .iter()
        .fold(request, |it, (name, value)| it.header(*name, *value));
    nobody.send(request).await
}

async fn ask_for(app: &TestApp, forwarded: &str) -> Answer {
    ask(app, &[("X-Forwarded-For", forwarded)]).await
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_network_has_its_own_quota() {
    for proxies in ["127.0.0.1,127.0.0.9", "192.0.2.1,127.0.0.0/8"] {
        let app = behind(proxies).await;
        ask_for(&app, "198.51.100.7").await.ok();
        ask_for(&app, "198.51.100.7, 127.0.0.9").await.ok();

        let too_often = ask_for(&app, "203.0.113.1, 198.51.100.7:4711").await;
        let neighbour = ask_for(&app, "198.51.100.8").await;
        let another = ask_for(&app, "192.0.2.7").await;

        for refused in [too_often, neighbour] {
            refused.is_problem(429, "rate_limited");
        }
        another.ok();
    }
}

#[tokio::test]
async fn without_trust_every_word_about_the_address_is_idle() {
    for proxies in ["", "192.0.2.1"] {
        let app = behind(proxies).await;
        ask_for(&app, "198.51.100.1").await.ok();
        ask_for(&app, "198.51.100.2").await.ok();

        ask_for(&app, "198.51.100.3")
            .await
            .is_problem(429, "rate_limited");
    }
}

#[tokio::test]
async fn no_other_header_is_believed() {
    let app = behind("127.0.0.1").await;
    for name in ["Forwarded", "X-Real-IP"] {
        ask(&app, &[(name, "for=198.51.100.1")]).await.ok();
    }

    for (name, value) in [
        ("Forwarded", "for=198.51.100.7"),
        ("X-Real-IP", "198.51.100.7"),
        ("X-Client-IP", "198.51.100.7"),
        ("CF-Connecting-IP", "198.51.100.7"),
        ("Host", "198.51.100.7"),
        ("X-Forwarded-For", "unknown"),
        ("X-Forwarded-For", "\u{fc}"),
    ] {
        let refused = ask(&app, &[(name, value)]).await;
        refused.is_problem(429, "rate_limited");
    }
}

#[tokio::test]
async fn several_lines_are_one_list() {
    let app = behind("127.0.0.0/8").await;
    let lines = [
        ("X-Forwarded-For", "203.0.113.1"),
        ("X-Forwarded-For", "198.51.100.7"),
        ("X-Forwarded-For", "127.0.0.9"),
    ];
    ask(&app, &lines).await.ok();
    ask(&app, &lines).await.ok();

    ask_for(&app, "198.51.100.7")
        .await
        .is_problem(429, "rate_limited");
    ask_for(&app, "203.0.113.1").await.ok();
}

#[tokio::test]
async fn one_ipv6_network_is_one_client_and_ipv4_within_ipv6_is_ipv4() {
    let app = behind("127.0.0.1").await;
    ask_for(&app, "2001:db8:0:1::1").await.ok();
    ask_for(&app, "[2001:db8:0:1:ffff::2]:4711").await.ok();

    ask_for(&app, "2001:db8:0:1::3")
        .await
        .is_problem(429, "rate_limited");
    ask_for(&app, "2001:db8:0:2::1").await.ok();
    let mapped = ask_for(&app, "::ffff:198.51.100.7").await;
    let plain = ask_for(&app, "198.51.100.7").await;
    assert_eq!(mapped.header("ratelimit"), Some("\"public\";r=1;t=60"));
    assert_eq!(plain.header("ratelimit"), Some("\"public\";r=0;t=120"));
}
