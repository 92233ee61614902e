//! Asks the server: each route is a type of `shared::api`, each failure a `Problem` with advice.

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::api::{Get as _, GetValuation, Post, TOKEN_HEADER};
use shared::problem::{Code, Problem};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Blob};

use crate::browser;

/// Asks for `path`. The request ends when `abort` fires; its answer is then of no interest.
pub(crate) async fn get(path: &str, abort: &AbortSignal) -> Result<JsValue, Problem> {
    let request = signed(Request::get(path)).abort_signal(Some(abort));
    let sent = request.send().await;
    let status = sent.as_ref().map_or(0, Response::status);
    let answer = body_of(sent).await;
    answer.map_err(|problem| without_first_view(path, status, problem))
}

/// Where the first view is a file, as behind `CloudFront`, it is not there before the first run, and nobody says so.
fn without_first_view(path: &str, status: u16, problem: Problem) -> Problem {
    if status == 404 && path == GetValuation::ROUTE && problem.code == Code::Internal {
        return Problem::new(
            Code::NothingPublished,
            "nothing has been published yet",
            "start a run",
        );
    }
    problem
}

/// Whether the server's own token would help. Where readers sign in, there is none to type.
pub(crate) fn asks_token(problem: &Problem) -> bool {
    problem.code == Code::Unauthorized && !browser::offers_sign_in()
}

/// The request with the token of who has signed in.
fn signed(request: RequestBuilder) -> RequestBuilder {
    match browser::bearer() {
        Some(bearer) => request.header("authorization", &format!("Bearer {bearer}")),
        None => request,
    }
}

/// Sends `body` to a route, with the token where the server asked for one.
pub(crate) async fn post<R: Post>(
    body: &R::Body,
    token: Option<&str>,
) -> Result<R::Response, Problem> {
    let json = serde_json::to_string(body).map_err(|_| not_understood())?;
    read(&body_of(posted(R::ROUTE, json, token).await).await?)
}

/// Sends `body` to a route that answers with a file.
pub(crate) async fn post_for_file(
    route: &str,
    body: &impl Serialize,
    token: Option<&str>,
) -> Result<Blob, Problem> {
    let json = serde_json::to_string(body).map_err(|_| not_understood())?;
    let response: web_sys::Response = posted(route, json, token)
        .await
        .map_err(|_| unreachable())?
        .into();
    if !response.ok() {
        return Err(refusal(response).await);
    }
    let file = response.blob().map_err(|_| not_understood())?;
    let file = JsFuture::from(file).await.map_err(|_| unreachable())?;
    file.dyn_into().map_err(|_| not_understood())
}

/// What a bad answer says.
async fn refusal(response: web_sys::Response) -> Problem {
    let told = match response.json() {
        Ok(body) => JsFuture::from(body).await.ok(),
        Err(_) => None,
    };
    let told = told.and_then(|body| read(&body).ok());
    refused(response.status(), told)
}

/// An answer in its type.
pub(crate) fn read<T: DeserializeOwned>(answer: &JsValue) -> Result<T, Problem> {
    serde_wasm_bindgen::from_value(answer.clone()).map_err(|_| not_understood())
}

/// Sends JSON with all that says who asks.
async fn posted(
    route: &str,
    json: String,
    token: Option<&str>,
) -> Result<Response, gloo_net::Error> {
    let mut request = Request::post(route).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header(TOKEN_HEADER, token);
    }
    signed(request).body(json)?.send().await
}

/// The body of a good answer; the problem that a bad one carries.
async fn body_of(sent: Result<Response, gloo_net::Error>) -> Result<JsValue, Problem> {
    let response: web_sys::Response = sent.map_err(|_| unreachable())?.into();
    let body = response.json().map(JsFuture::from);
    let body = body.map_err(|_| unreachable())?.await;
    if response.ok() {
        return body.map_err(|_| not_understood());
    }
    let told = body.ok().and_then(|body| read(&body).ok());
    Err(refused(response.status(), told))
}

/// The same, once the token that the server does not take is forgotten.
fn refused(status: u16, told: Option<Problem>) -> Problem {
    if status == 401 {
        browser::sign_out();
    }
    problem_of(status, told)
}

/// What the server says went wrong. A proxy in between may answer something else than a problem.
fn problem_of(status: u16, told: Option<Problem>) -> Problem {
    told.unwrap_or_else(|| {
        if status == 401 {
            // A gateway in front of the server asks for a token before the server does.
            return Problem::new(
                Code::Unauthorized,
                "the server wants to know who asks",
                "sign in, then try again",
            );
        }
        Problem::new(
            Code::Internal,
            format!("the server answered with HTTP status {status}"),
            "try again; if it stays so, look at the server's log",
        )
    })
}

fn unreachable() -> Problem {
    Problem::new(
        Code::Unreachable,
        "no answer came from the server",
        "check that it runs (`assay serve`) and that you are online, then try again",
    )
}

fn not_understood() -> Problem {
    Problem::new(
        Code::Internal,
        "the server's answer is not in the form that this page expects",
        "reload the page: it may be older than the server",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_of_the_server_arrives_whole() {
        let sent = Problem::new(Code::RunInProgress, "a run is going", "wait for its end");
        assert_eq!(problem_of(409, Some(sent.clone())), sent);
    }

    #[test]
    fn an_answer_of_a_proxy_keeps_its_status() {
        let problem = problem_of(502, None);
        assert_eq!(problem.code, Code::Internal);
        assert_eq!(problem.message, "the server answered with HTTP status 502");
        assert_eq!(problem_of(404, None).code, Code::Internal);
    }

    #[test]
    fn only_a_missing_first_view_says_that_nothing_is_published() {
        let code = |path: &str, told: Option<Problem>| {
            without_first_view(path, 404, problem_of(404, told)).code
        };
        assert_eq!(code("/api/valuation", None), Code::NothingPublished);
        assert_eq!(
            code("/api/valuation?as_of=1999-12-31", None),
            Code::Internal
        );
        assert_eq!(code("/api/newer", None), Code::Internal);
        let unknown = Problem::new(Code::NotFound, "no such run", "take another");
        assert_eq!(code("/api/valuation", Some(unknown)), Code::NotFound);
    }
}
