//! Who is let in: hosts, origins, tokens, and the headers that every answer carries.

use std::net::SocketAddr;

use axum::http::Method;
use shared::api::{SignIn, TOKEN_HEADER};
use shared::problem::Code;

use super::world::{TOKEN, World};
use crate::config::Secret;
use crate::http::{Access, TokenMissing};

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn on_loopback_only_names_of_loopback_with_our_port_are_hosts() {
    let world = World::empty();
    for host in [
        "127.0.0.1:8787",
        "LocalHost:8787",
        "[::1]:8787",
        "127.8.9.1:8787",
    ] {
        let headers = [("host", host)];
        let seen = world.send(Method::GET, "/api/health", &headers, "").await;
        assert_eq!(seen.status, 200, "{host}");
    }
    for host in [
        "rebound.example:8787",
        "localhost.example:8787",
        "127.0.0.1.example:8787",
        "127.0.0.1:8788",
        "127.0.0.1",
        "192.168.0.7:8787",
        "user@127.0.0.1:8787",
        "",
    ] {
        let headers = [("host", host)];
        for path in ["/api/health", "/", "/api/nothing"] {
            let seen = world.send(Method::GET, path, &headers, "").await;
            let message = format!("this server is not `{host}`");
            seen.assert_problem(403, Code::ForeignOrigin, &message);
        }
    }
}

#[tokio::test]
async fn two_hosts_are_none() {
    let headers = [("host", "127.0.0.1:8787"), ("host", "rebound.example")];
    let seen = World::empty()
        .send(Method::GET, "/api/health", &headers, "")
        .await;
    seen.assert_problem(403, Code::ForeignOrigin, "this server is not ``");
}

#[tokio::test]
async fn only_our_own_page_may_act() {
    let world = World::empty();
    let own = [JSON, ("origin", "http://127.0.0.1:8787")];
    let seen = world.send(Method::POST, "/api/runs", &own, "{}").await;
    assert_eq!(seen.status, 202);
    for origin in [
        "http://evil.example",
        "http://localhost:8787",
        "http://127.0.0.1:3000",
        "null",
        "127.0.0.1:8787",
    ] {
        let headers = [JSON, ("origin", origin)];
        for path in ["/api/runs", "/api/query"] {
            let seen = world.send(Method::POST, path, &headers, "{}").await;
            let message = format!("the request comes from another site, `{origin}`");
            seen.assert_problem(403, Code::ForeignOrigin, &message);
        }
    }
    assert_eq!(world.runner.started().len(), 1);
}

#[tokio::test]
async fn no_other_page_is_allowed_to_read() {
    let headers = [
        ("origin", "http://evil.example"),
        ("access-control-request-method", "POST"),
    ];
    for method in [Method::OPTIONS, Method::GET] {
        let world = World::empty();
        let seen = world.send(method, "/api/runs", &headers, "").await;
        assert_eq!(seen.header("access-control-allow-origin"), "");
        assert_eq!(seen.header("cross-origin-resource-policy"), "same-origin");
    }
}

#[tokio::test]
async fn on_the_network_acting_needs_the_token_and_reading_does_not() {
    let world = World::published().on_the_network();
    let host = ("host", "assay.example");
    let send = async |path: &'static str, token: Option<&'static str>| {
        let mut headers = vec![host, JSON, ("origin", "https://assay.example")];
        headers.extend(token.map(|token| (TOKEN_HEADER, token)));
        world.send(Method::POST, path, &headers, "{}").await
    };
    for path in ["/api/runs", "/api/query"] {
        let seen = send(path, None).await;
        seen.assert_problem(401, Code::Unauthorized, "this needs a token");
        assert_eq!(
            seen.header("www-authenticate"),
            "AssayToken header=\"x-assay-token\""
        );
        for wrong in [
            "",
            "correct horse battery stapl",
            "CORRECT HORSE BATTERY STAPLE",
        ] {
            let seen = send(path, Some(wrong)).await;
            seen.assert_problem(401, Code::Unauthorized, "the token is wrong");
            assert!(!seen.text().contains(TOKEN));
        }
    }
    assert_eq!(world.runner.started(), []);
    assert_eq!(send("/api/runs", Some(TOKEN)).await.status, 202);
    let seen = world.send(Method::GET, "/api/valuation", &[host], "").await;
    assert_eq!(seen.status, 200);
}

#[tokio::test]
async fn the_token_does_not_make_another_site_ours() {
    let headers = [
        ("host", "assay.example"),
        ("origin", "https://evil.example"),
        (TOKEN_HEADER, TOKEN),
        JSON,
    ];
    let world = World::empty().on_the_network();
    let seen = world.send(Method::POST, "/api/runs", &headers, "{}").await;
    let message = "the request comes from another site, `https://evil.example`";
    seen.assert_problem(403, Code::ForeignOrigin, message);
}

#[test]
fn an_address_that_others_reach_needs_a_token() {
    let at = |address: &str, token: Option<&str>| {
        Access::at(address.parse().unwrap(), token.map(Secret::new))
    };
    for address in [
        "127.0.0.1:8787",
        "127.3.2.1:8787",
        "[::1]:8787",
        "[::ffff:127.0.0.1]:8787",
    ] {
        let access = at(address, Some(TOKEN)).unwrap();
        assert!(
            matches!(access, Access::Loopback { port: 8787 }),
            "{address}"
        );
    }
    for address in ["0.0.0.0:8787", "[::]:8787", "192.168.0.7:8787"] {
        let named: SocketAddr = address.parse().unwrap();
        assert_eq!(at(address, None).unwrap_err(), TokenMissing(named));
        let access = at(address, Some(TOKEN)).unwrap();
        assert!(matches!(&access, Access::Network { token } if token.expose() == TOKEN));
        assert!(!format!("{access:?}").contains(TOKEN));
    }
    assert_eq!(
        at("0.0.0.0:8787", None).unwrap_err().to_string(),
        "0.0.0.0:8787 can be reached from other machines, and there is no token"
    );
}

#[tokio::test]
async fn the_issuer_of_tokens_may_be_asked_where_readers_sign_in() {
    let sign_in = SignIn {
        authorize_url: "https://id.example/oauth2/authorize".to_owned(),
        token_url: "https://id.example:444/oauth2/token".to_owned(),
        client_id: "dashboard".to_owned(),
        scope: "openid".to_owned(),
    };
    let world = World::published().signed_in_at(sign_in.clone());
    let seen = world.get("/api/sign-in").await;
    assert!(
        seen.header("content-security-policy")
            .contains("connect-src 'self' https://id.example:444;")
    );
    assert_eq!(seen.read::<Option<SignIn>>(), Some(sign_in));
    let nobody: Option<SignIn> = World::published().get("/api/sign-in").await.read();
    assert_eq!(nobody, None);
}

#[tokio::test]
async fn every_answer_says_what_may_be_done_with_it() {
    let world = World::published().site(&[("index.html", b"<!doctype html>")]);
    let expected = [
        (
            "content-security-policy",
            "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    for path in ["/", "/api/valuation", "/api/nothing", "/nothing.js"] {
        let seen = world.get(path).await;
        for (name, value) in expected {
            assert_eq!(seen.header(name), value, "{path}");
        }
    }
}

#[tokio::test]
async fn behind_a_content_network_pages_of_its_origins_act_and_no_others() {
    let world = World::empty().behind(&["https://d1.cloudfront.net"]);
    let gateway = ("host", "x.execute-api.eu-west-1.amazonaws.com");
    let act = async |origin: Option<&str>| {
        let mut headers = vec![gateway, JSON];
        headers.extend(origin.map(|origin| ("origin", origin)));
        world.send(Method::POST, "/api/runs", &headers, "{}").await
    };
    assert_eq!(act(Some("https://d1.cloudfront.net")).await.status, 202);
    assert_eq!(act(None).await.status, 202, "a program names no origin");
    for origin in [
        "http://d1.cloudfront.net",
        "https://d2.cloudfront.net",
        "https://x.execute-api.eu-west-1.amazonaws.com",
        "null",
    ] {
        let message = format!("the request comes from another site, `{origin}`");
        act(Some(origin))
            .await
            .assert_problem(403, Code::ForeignOrigin, &message);
    }
    let read = world.send(Method::GET, "/api/health", &[gateway], "").await;
    assert_eq!(read.status, 200);
}
