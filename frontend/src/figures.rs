//! Text, tables and columns before anything is drawn: what pure parts hand to those who draw.

/// A card of a page.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    /// Its title.
    pub(crate) title: String,
    /// What stands in it.
    pub(crate) blocks: Vec<Block>,
}

/// A part of a card.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// A title of what follows.
    Title(String),
    /// A paragraph. Backticks hold code; the class says how it looks.
    Text(String, Look),
    /// A table.
    Table(Table),
    /// Columns with their numbers. Drawn only: a sentence before and a table after them say the same.
    Columns(Vec<Column>),
    /// Labels with their values. Backticks hold code.
    Facts(Vec<[String; 2]>),
    /// What is shown on demand, under these words.
    Fold(String, Vec<Block>),
}

/// How a paragraph looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// As text.
    Plain,
    /// As a remark.
    Hint,
    /// As a verdict that speaks for the model.
    Good,
    /// As one that does not.
    Doubtful,
    /// As one that speaks against it.
    Bad,
}

/// A table: the first cell of each row heads it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Table {
    /// What it shows.
    pub(crate) caption: String,
    /// The columns' heads.
    pub(crate) head: Vec<String>,
    /// The cells, row by row, as many as there are heads.
    pub(crate) rows: Vec<Vec<Cell>>,
    /// Columns that a phone can do without.
    pub(crate) wide: Vec<usize>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    /// Its text.
    pub(crate) text: String,
    /// How strongly it is shaded, from 0 to 1: a second way to see what the text says.
    pub(crate) heat: Option<f64>,
}

impl Table {
    /// An empty table with these heads.
    pub(crate) fn new(caption: impl Into<String>, head: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            head: head.iter().map(|text| (*text).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// Adds a row of texts.
    pub(crate) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells = cells.into_iter();
        let cells = cells.map(|text| Cell { text, heat: None });
        self.rows.push(cells.collect());
    }
}

/// One column of a small chart. Places are on the scale of all its columns, in percent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    /// What it is for: a year.
    pub(crate) label: String,
    /// Its number in words.
    pub(crate) number: String,
    /// Where zero is.
    pub(crate) zero: f64,
    /// Where it starts.
    pub(crate) from: f64,
    /// How long it is.
    pub(crate) size: f64,
    /// How it looks: good above zero, bad below, doubtful where a test does not tell it from zero.
    pub(crate) look: Look,
}
