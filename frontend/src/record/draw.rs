//! Draws the told sections as elements of the page. Without Leptos: nothing of them changes once it stands there.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement};

use crate::figures::{Block, Cell, Column, Look, Section, Table};
use crate::format::code_spans;

/// What drawing needs: who makes elements.
struct Pen(Document);

type Drawn = Result<Element, JsValue>;

/// The cards in one element, to be put into the page.
pub(super) fn draw(sections: &[Section]) -> Drawn {
    let document = web_sys::window().and_then(|window| window.document());
    let pen = Pen(document.ok_or("no document")?);
    let cards = sections.iter().map(|section| {
        let title = pen.words("h2", "", &section.title);
        let blocks = section.blocks.iter().map(|block| pen.block(block));
        pen.around("section", "card", std::iter::once(title).chain(blocks))
    });
    pen.around("div", "sections", cards)
}

impl Pen {
    fn element(&self, tag: &str, class: &str) -> Drawn {
        let element = self.0.create_element(tag)?;
        if !class.is_empty() {
            element.set_class_name(class);
        }
        Ok(element)
    }

    /// An element around others.
    fn around(&self, tag: &str, class: &str, inner: impl IntoIterator<Item = Drawn>) -> Drawn {
        let element = self.element(tag, class)?;
        for child in inner {
            element.append_child(child?.as_ref())?;
        }
        Ok(element)
    }

    /// An element around text, in which backticks hold code.
    fn words(&self, tag: &str, class: &str, text: &str) -> Drawn {
        let element = self.element(tag, class)?;
        for (is_code, part) in code_spans(text) {
            if is_code {
                let code = self.element("code", "")?;
                code.set_text_content(Some(part));
                element.append_child(code.as_ref())?;
            } else {
                element.append_child(self.0.create_text_node(part).as_ref())?;
            }
        }
        Ok(element)
    }

    fn block(&self, block: &Block) -> Drawn {
        match block {
            Block::Title(title) => self.words("h3", "", title),
            Block::Text(text, look) => self.words("p", class_of(*look), text),
            Block::Table(table) => self.table(table),
            Block::Columns(columns) => {
                let columns = columns.iter().map(|column| self.column(column));
                let chart = self.around("div", "columns", columns)?;
                chart.set_attribute("aria-hidden", "true")?;
                Ok(chart)
            }
            Block::Facts(facts) => {
                let facts = facts.iter().map(|[label, value]| {
                    let both = [self.words("dt", "", label), self.words("dd", "", value)];
                    self.around("div", "", both)
                });
                self.around("dl", "facts", facts)
            }
            Block::Fold(summary, blocks) => {
                let summary = self.words("summary", "", summary);
                let blocks = blocks.iter().map(|block| self.block(block));
                self.around("details", "", std::iter::once(summary).chain(blocks))
            }
        }
    }

    /// A column on a desk, a bar on a phone: the style decides which.
    fn column(&self, column: &Column) -> Drawn {
        let class = match column.look {
            Look::Bad => "column below",
            Look::Doubtful => "column unproven",
            Look::Plain | Look::Hint | Look::Good => "column",
        };
        let bar = styled(
            self.element("i", "")?,
            &[("--from", column.from), ("--size", column.size)],
        );
        let track = styled(self.around("i", "", [bar])?, &[("--zero", column.zero)]);
        let parts = [
            self.words("span", "", &column.number),
            track,
            self.words("span", "", &column.label),
        ];
        self.around("div", class, parts)
    }

    /// A table that scrolls by itself where a phone is too narrow for it.
    fn table(&self, table: &Table) -> Drawn {
        let class = |index: usize| {
            if table.wide.contains(&index) {
                "wide-only"
            } else {
                ""
            }
        };
        let heads = table.head.iter().enumerate();
        let heads = heads.map(|(index, head)| self.head("col", class(index), head));
        let rows = table.rows.iter().map(|cells| {
            let cells = cells.iter().enumerate();
            let cells = cells.map(|(index, cell)| match index {
                0 => self.head("row", "", &cell.text),
                _ => self.cell(cell, class(index)),
            });
            self.around("tr", "", cells)
        });
        let parts = [
            self.words("caption", "", &table.caption),
            self.around("thead", "", [self.around("tr", "", heads)]),
            self.around("tbody", "", rows),
        ];
        let scroll = self.around("div", "scroll", [self.around("table", "", parts)])?;
        for (name, value) in [
            ("tabindex", "0"),
            ("role", "group"),
            ("aria-label", &table.caption),
        ] {
            scroll.set_attribute(name, value)?;
        }
        Ok(scroll)
    }

    fn head(&self, scope: &str, class: &str, text: &str) -> Drawn {
        let head = self.words("th", class, text)?;
        head.set_attribute("scope", scope)?;
        Ok(head)
    }

    fn cell(&self, cell: &Cell, class: &str) -> Drawn {
        match cell.heat {
            None => self.words("td", class, &cell.text),
            Some(heat) => styled(
                self.words("td", "heat", &cell.text)?,
                &[("--heat-share", 100.0 * heat)],
            ),
        }
    }
}

fn class_of(look: Look) -> &'static str {
    match look {
        Look::Plain => "",
        Look::Hint => "hint",
        Look::Good => "verdict good",
        Look::Doubtful => "verdict none",
        Look::Bad => "verdict bad",
    }
}

/// Sets custom properties, in percent; the style sheet makes lengths and colours of them.
fn styled(element: Element, properties: &[(&str, f64)]) -> Drawn {
    let element: HtmlElement = element.dyn_into()?;
    for (name, percent) in properties {
        let value = format!("{percent:.2}%");
        element.style().set_property(name, &value)?;
    }
    Ok(element.into())
}
