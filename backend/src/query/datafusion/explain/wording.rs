//! Cuts the engine's messages down to what a person can use.

/// Prefixes that say which part of the engine speaks.
const SPEAKERS: [&str; 5] = [
    "Error during planning: ",
    "Internal error: ",
    "Execution error: ",
    "Cast error: ",
    "Invalid argument error: ",
];

/// One message in plain words.
pub(super) fn plain(message: &str) -> String {
    let mut line = message.to_owned();
    for speaker in SPEAKERS {
        line = line.replace(speaker, "");
    }
    if let Some(column) = between(&line, "column \"", "\" must appear in the GROUP BY") {
        return format!("column `{column}` must be in GROUP BY or inside an aggregate function");
    }
    if let Some(function) = between(&line, "Function '", "' failed to match") {
        let given = line.rsplit_once("but received ").map(|(_, given)| given);
        let given = given.and_then(|given| given.split([' ', ',']).next());
        return format!(
            "function `{function}` does not take {}",
            given.unwrap_or("this")
        );
    }
    // Our own functions' words, wrapped by the engine.
    if let Some((_, own)) = line.split_once("coercion failed with: ") {
        line = own.to_owned();
    }
    let line = line
        .split(". No function matches")
        .next()
        .unwrap_or_default();
    // What follows a brace is the engine's own notation of the statement.
    let line = line.split(" {").next().unwrap_or_default();
    line.trim_end_matches('.').to_owned()
}

/// The text between two others.
pub(super) fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    let length = text[start..].find(after)?;
    Some(&text[start..start + length])
}
