//! The state of the page: the text, what became of the last question, and the questions asked before.

use std::sync::Arc;

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{DOWNLOAD_ROUTE, PostQuery};
use shared::problem::Problem;
use shared::query::{Answer, Download, FileFormat, Query};

use super::complete::place_of;
use crate::address::Address;
use crate::{api, browser};

/// The text's name in the address.
const TEXT: &str = "q";
/// Where the browser keeps the questions asked before.
const HISTORY: &str = "assay-sql-history";
/// Questions that it keeps.
const KEPT: usize = 30;
/// What an empty page begins with.
const BEGIN: &str = "SELECT date, price, valuation, gap_pct\nFROM model_results_latest\nORDER BY date DESC\nLIMIT 20";

/// What became of the last question.
#[derive(Clone)]
pub(super) enum Asked {
    /// None was asked.
    Nothing,
    /// It is being answered.
    Waiting,
    /// The answer.
    Answered {
        /// The question.
        sql: String,
        /// Its answer.
        answer: Arc<Answer>,
    },
    /// There is none.
    Refused {
        /// The question.
        sql: String,
        /// Why not.
        problem: Problem,
    },
}

/// The page's state. Copied freely.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    /// The text in the editor.
    pub(super) text: RwSignal<String>,
    /// What became of the last question.
    pub(super) asked: RwSignal<Asked>,
    /// Questions asked before, newest first.
    pub(super) history: RwSignal<Vec<String>>,
    /// The server's token, where it wants one; forgotten with the page.
    pub(super) token: RwSignal<String>,
    /// Why a file could not be made.
    pub(super) no_file: RwSignal<Option<Problem>>,
    /// The editor's field.
    pub(super) field: NodeRef<Textarea>,
    address: Address,
}

impl Desk {
    /// The desk with the text that the address holds. Nothing is asked: a link must not run SQL by itself.
    pub(super) fn open(address: Address) -> Self {
        let text = address.choice::<String>(TEXT);
        let text = js_sys::decode_uri_component(&text).map_or(text, String::from);
        let kept = browser::kept(HISTORY).and_then(|kept| serde_json::from_str(&kept).ok());
        Self {
            text: RwSignal::new(if text.is_empty() {
                BEGIN.to_owned()
            } else {
                text
            }),
            asked: RwSignal::new(Asked::Nothing),
            history: RwSignal::new(kept.unwrap_or_default()),
            token: RwSignal::new(String::new()),
            no_file: RwSignal::new(None),
            field: NodeRef::new(),
            address,
        }
    }

    /// Asks what stands in the editor, and notes it in address and history.
    pub(super) fn ask(self) {
        let sql = self.text.get_untracked();
        let waiting = matches!(*self.asked.read_untracked(), Asked::Waiting);
        if waiting {
            return;
        }
        if sql.trim().is_empty() {
            // What was said of an older question would look like the answer to this one.
            return self.asked.set(Asked::Nothing);
        }
        let word = String::from(js_sys::encode_uri_component(&sql));
        self.address.choose(TEXT, Some(&word));
        self.remember(&sql);
        self.no_file.set(None);
        self.asked.set(Asked::Waiting);
        spawn_local(async move {
            let query = Query { sql: sql.clone() };
            let answer = api::post::<PostQuery>(&query, self.token_given().as_deref()).await;
            let asked = match answer {
                Ok(answer) => Asked::Answered {
                    sql,
                    answer: Arc::new(answer),
                },
                Err(problem) => {
                    self.point_at(&sql, &problem);
                    Asked::Refused { sql, problem }
                }
            };
            self.asked.try_set(asked);
        });
    }

    /// Fetches the answer to `sql` as a file.
    pub(super) fn download(self, sql: String, format: FileFormat) {
        let name = match format {
            FileFormat::Csv => "answer.csv",
            FileFormat::Parquet => "answer.parquet",
        };
        spawn_local(async move {
            let body = Download { sql, format };
            let token = self.token_given();
            let file = api::post_for_file(DOWNLOAD_ROUTE, &body, token.as_deref()).await;
            self.no_file
                .try_set(file.map(|file| browser::save(&file, name)).err());
        });
    }

    /// Puts a text into the editor and the cursor behind it, in place of what stood there.
    pub(super) fn show(self, sql: String) {
        self.text.set(sql);
        if let Some(field) = self.field.get_untracked() {
            field.focus().ok();
        }
    }

    /// Forgets all questions asked before.
    pub(super) fn forget(self) {
        browser::keep(HISTORY, None);
        self.history.set(Vec::new());
    }

    fn remember(self, sql: &str) {
        self.history.update(|history| {
            history.retain(|one| one != sql);
            history.insert(0, sql.to_owned());
            history.truncate(KEPT);
        });
        let kept = serde_json::to_string(&*self.history.read_untracked());
        browser::keep(HISTORY, kept.ok().as_deref());
    }

    fn token_given(self) -> Option<String> {
        let token = self.token.try_get_untracked()?;
        (!token.is_empty()).then_some(token)
    }

    /// Moves the cursor to the place of a mistake, unless the text has changed since.
    fn point_at(self, sql: &str, problem: &Problem) {
        let field = self.field.try_get_untracked().flatten();
        if let (Some(field), Some(at)) = (field, problem.position)
            && *self.text.read_untracked() == *sql
        {
            let place = place_of(sql, at.line, at.column);
            field.set_selection_range(place, place).ok();
        }
    }
}
