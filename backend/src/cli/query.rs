//! `assay query`.

use shared::query::Query;

use super::args::QueryArgs;
use super::{Exit, print};
use crate::backend::Backend;
use crate::query::format::render;
use crate::query::{DataFusionEngine, Limits, QueryEngine as _, QueryError, named, unknown};

/// Answers a question and prints the answer; without a question lists those that come with Assay.
pub(super) async fn query(backend: &Backend, args: QueryArgs) -> Exit {
    let known = named();
    let Some(text) = args.sql else {
        for question in known {
            print::line(format!("{:<28} {}", question.name, question.title));
        }
        return Exit::Good;
    };
    let one = known.iter().find(|question| question.name == text);
    let sql = match one {
        Some(question) => question.sql.clone(),
        // No statement is a single word: it was meant as a name.
        None if is_word(text.trim()) => {
            let names = known.iter().map(|question| question.name.as_str());
            print::trouble(
                &unknown("question", &text, names),
                "`assay query` lists them; or ask in SQL, `assay query \"SELECT …\"`",
            );
            return Exit::Usage;
        }
        None => text,
    };
    let engine = match DataFusionEngine::new(backend.local_lake()) {
        Ok(engine) => engine,
        Err(error) => {
            print::error(&error, "check that the folder of ASSAY_HOME can be read");
            return Exit::Failed;
        }
    };
    match engine.run(&Query { sql }, Limits::default()).await {
        Ok(answer) => {
            print::line(render(&answer, args.format.into()).trim_end());
            if answer.truncated {
                print::note("the answer was cut at the row limit; add a LIMIT or an aggregate");
            }
            Exit::Good
        }
        Err(error) => refused(&error),
    }
}

fn is_word(text: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.chars().all(plain)
}

fn refused(error: &QueryError) -> Exit {
    match error {
        QueryError::Wrong { message, position } => {
            let place = position.map(|p| format!(" (line {}, column {})", p.line, p.column));
            let message = format!("{message}{}", place.unwrap_or_default());
            print::trouble(
                &message,
                "correct the query; `assay query` lists questions to start from",
            );
            Exit::Usage
        }
        QueryError::TooLarge { message } => {
            print::trouble(
                message,
                "ask for less: fewer rows, a shorter time, an aggregate",
            );
            Exit::Failed
        }
        QueryError::NothingPublished => {
            print::error(error, "run `assay run` first");
            Exit::Failed
        }
        QueryError::BrokenLake { message } => {
            print::trouble(
                message,
                "restore the file from a backup, or remove the run that it belongs to",
            );
            Exit::Failed
        }
        QueryError::Unavailable { message, advice } => {
            print::trouble(message, advice);
            Exit::Failed
        }
        QueryError::NotSignedIn | QueryError::Engine(_) => {
            print::error(error, "report this with the query");
            Exit::Failed
        }
    }
}
