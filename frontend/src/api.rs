//! Asks the server: each route is a type of `shared::api`, each failure a `Problem` with advice.

use gloo_net::http::{Request, Response};
use shared::api::{Get, Post, TOKEN_HEADER};
use shared::problem::{Code, Problem};
use web_sys::AbortSignal;

/// Reads a route. The request ends when `abort` fires; its answer is then of no interest.
pub(crate) async fn get<R: Get>(route: &R, abort: &AbortSignal) -> Result<R::Response, Problem> {
    let sent = Request::get(&route.path())
        .abort_signal(Some(abort))
        .send()
        .await;
    let text = text_of(sent).await?;
    read(R::ROUTE, &text)
}

/// Sends `body` to a route, with the token where the server asked for one.
pub(crate) async fn post<R: Post>(
    body: &R::Body,
    token: Option<&str>,
) -> Result<R::Response, Problem> {
    let json = serde_json::to_string(body).map_err(|_| not_understood(R::ROUTE))?;
    let mut request = Request::post(R::ROUTE).header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header(TOKEN_HEADER, token);
    }
    let sent = match request.body(json) {
        Ok(request) => request.send().await,
        Err(error) => Err(error),
    };
    let text = text_of(sent).await?;
    read(R::ROUTE, &text)
}

/// The body of a good answer; the problem that a bad one carries.
async fn text_of(sent: Result<Response, gloo_net::Error>) -> Result<String, Problem> {
    let response = sent.map_err(|_| unreachable())?;
    let text = response.text().await.map_err(|_| unreachable())?;
    if response.ok() {
        Ok(text)
    } else {
        Err(problem_in(response.status(), &text))
    }
}

fn read<T: serde::de::DeserializeOwned>(route: &str, text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|_| not_understood(route))
}

/// What the server says went wrong. A proxy in between may answer something else than a problem.
fn problem_in(status: u16, text: &str) -> Problem {
    serde_json::from_str(text).unwrap_or_else(|_| {
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

fn not_understood(route: &str) -> Problem {
    Problem::new(
        Code::Internal,
        format!("the answer of {route} is not in the form that this page expects"),
        "reload the page: it may be older than the server",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::api::Health;

    #[test]
    fn a_problem_of_the_server_arrives_whole() {
        let sent = Problem::new(Code::RunInProgress, "a run is going", "wait for its end");
        let text = serde_json::to_string(&sent).unwrap();
        assert_eq!(problem_in(409, &text), sent);
    }

    #[test]
    fn an_answer_of_a_proxy_keeps_its_status() {
        let problem = problem_in(502, "<html>Bad gateway</html>");
        assert_eq!(problem.code, Code::Internal);
        assert_eq!(problem.message, "the server answered with HTTP status 502");
    }

    #[test]
    fn an_answer_in_another_form_names_its_route() {
        let problem = read::<Health>("/api/health", "{}").unwrap_err();
        assert!(problem.message.contains("/api/health"));
    }
}
