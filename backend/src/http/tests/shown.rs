//! The site: names with hashes, compressed twins, the page's own paths, and a program without a site.

use axum::http::Method;
use shared::problem::Code;

use super::world::{Seen, World};

const HOME: &[u8] = b"<!doctype html><title>Assay: what gold is worth</title>";
const PAGE: &[u8] = b"<!doctype html><title>Assay</title>";
const SCRIPT: &str = "app-5KQ2ABCD.js";
const MODULE: &str = "frontend-0123456789abcdef_bg.wasm";

fn built() -> World {
    World::empty().site(&[
        ("index.html", HOME),
        ("app.html", PAGE),
        (SCRIPT, b"export {};"),
        ("app-5KQ2ABCD.js.br", b"\x0bsmall"),
        (MODULE, b"\0asm"),
        ("favicon.svg", b"<svg/>"),
    ])
}

#[tokio::test]
async fn the_page_is_asked_for_each_time() {
    let world = built();
    let home = ["/", "/index.html"].map(|path| (path, HOME));
    let pages = ["/model", "/what-if/", "/app.html"].map(|path| (path, PAGE));
    for (path, page) in home.into_iter().chain(pages) {
        let seen = world.get(path).await;
        assert_eq!((seen.status.as_u16(), &seen.body[..]), (200, page));
        assert_eq!(seen.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(seen.header("cache-control"), "no-cache");
        let headers = [("if-none-match", seen.header("etag"))];
        let again = world.send(Method::GET, path, &headers, "").await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    }
}

#[tokio::test]
async fn names_with_a_hash_are_kept_for_ever() {
    let world = built();
    for (name, kind) in [
        (SCRIPT, "text/javascript; charset=utf-8"),
        (MODULE, "application/wasm"),
    ] {
        let seen = world.get(&format!("/{name}")).await;
        assert_eq!(seen.header("content-type"), kind);
        let caching = seen.header("cache-control");
        assert_eq!(caching, "public, max-age=31536000, immutable");
    }
    let seen = world.get("/favicon.svg").await;
    assert_eq!(seen.header("content-type"), "image/svg+xml");
    assert_eq!(seen.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn the_compressed_twin_goes_to_those_who_take_it() {
    let world = built();
    let ask = async |accepts: &'static str| -> Seen {
        let headers = [("accept-encoding", accepts)];
        let path = format!("/{SCRIPT}");
        world.send(Method::GET, &path, &headers, "").await
    };
    for accepts in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, BR;q=0.9"] {
        let seen = ask(accepts).await;
        assert_eq!(&seen.body[..], b"\x0bsmall");
        assert_eq!(seen.header("content-encoding"), "br");
        assert_eq!(seen.header("vary"), "accept-encoding");
        assert_eq!(
            seen.header("content-type"),
            "text/javascript; charset=utf-8"
        );
    }
    for accepts in ["gzip", "br;q=0", "br; q=0.000", "brotli", ""] {
        let seen = ask(accepts).await;
        assert_eq!(&seen.body[..], b"export {};", "{accepts}");
        assert_eq!(seen.header("content-encoding"), "");
        assert_eq!(seen.header("vary"), "accept-encoding");
    }
    assert_ne!(
        ask("br").await.header("etag"),
        ask("gzip").await.header("etag")
    );
}

#[tokio::test]
async fn a_path_of_no_page_shows_the_page_with_404_and_a_missing_file_is_missing() {
    let world = built();
    let seen = world.get("/no/such/page").await;
    assert_eq!((seen.status.as_u16(), &seen.body[..]), (404, PAGE));
    for path in ["/app-OLDONEAA.js", "/deep/old.css", "/../Cargo.toml"] {
        let seen = world.get(path).await;
        let message = format!("the site has no file `{path}`");
        seen.assert_problem(404, Code::NotFound, &message);
    }
    let seen = world.post("/", "{}").await;
    seen.assert_problem(405, Code::BadRequest, "`/` does not take POST");
}

#[tokio::test]
async fn a_program_without_a_site_says_how_to_build_it() {
    let seen = World::empty().get("/").await;
    assert_eq!(seen.status, 503);
    assert_eq!(seen.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(
        seen.text(),
        "This program was built without its page. Run `make build` and start it again.\n\
         The API works: see /api/openapi.json\n"
    );
}
