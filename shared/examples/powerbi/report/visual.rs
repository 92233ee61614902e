//! A visual: where it stands, what it shows and says, and its file.

use serde_json::{Map, Value, json};

use super::super::Fault;
use super::super::model::Model;
use super::SCHEMAS;

/// What a visual shows in one of its places.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    /// A column: table, name.
    Column(&'static str, &'static str),
    /// A measure by its name.
    Measure(&'static str),
}

/// Left, top, width and height, in the page's pixels.
pub(crate) type Place = (u32, u32, u32, u32);

/// One visual of a page.
pub(crate) struct Visual {
    pub(crate) name: String,
    kind: &'static str,
    pub(crate) at: Place,
    title: Title,
    pub(crate) alt: String,
    /// Power BI's name of each place, and what is shown there.
    pub(crate) roles: Vec<(&'static str, Vec<Shown>)>,
    /// Measures that its looks follow: colours, titles.
    looks: Vec<(&'static str, Value, Option<Value>)>,
    /// Only the rows where the column has this value.
    only: Option<(Shown, u32)>,
}

enum Title {
    None,
    Text(String),
    /// The measure says it.
    Measure(&'static str),
}

impl Visual {
    pub(crate) fn new(name: impl Into<String>, kind: &'static str, at: Place) -> Self {
        Self {
            name: name.into(),
            kind,
            at,
            title: Title::None,
            alt: String::new(),
            roles: Vec::new(),
            looks: Vec::new(),
            only: None,
        }
    }

    pub(crate) fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Title::Text(title.into());
        self
    }

    pub(crate) fn title_by(mut self, measure: &'static str) -> Self {
        self.title = Title::Measure(measure);
        self
    }

    pub(crate) fn alt(mut self, alt: impl Into<String>) -> Self {
        self.alt = alt.into();
        self
    }

    pub(crate) fn shows(mut self, role: &'static str, shown: &[Shown]) -> Self {
        self.roles.push((role, shown.to_vec()));
        self
    }

    /// Properties of one of the visual's objects.
    pub(crate) fn looks(mut self, object: &'static str, properties: Value) -> Self {
        self.looks.push((object, properties, None));
        self
    }

    /// Properties for each point or cell that the selector names.
    pub(crate) fn looks_at(
        mut self,
        object: &'static str,
        properties: Value,
        selector: Value,
    ) -> Self {
        self.looks.push((object, properties, Some(selector)));
        self
    }

    pub(crate) fn only(mut self, column: Shown, value: u32) -> Self {
        self.only = Some((column, value));
        self
    }

    /// What it refers to in the model.
    fn references(&self) -> impl Iterator<Item = Shown> + '_ {
        let by_title = match self.title {
            Title::Measure(name) => Some(Shown::Measure(name)),
            Title::None | Title::Text(_) => None,
        };
        let filtered = self.only.map(|(column, _)| column);
        let shown = self
            .roles
            .iter()
            .flat_map(|(_, shown)| shown.iter().copied());
        shown.chain(by_title).chain(filtered)
    }

    /// `visual.json`; `place` is where the tab key finds it. Fails on a name that the model does not have.
    pub(crate) fn file(&self, model: &Model, place: usize) -> Result<Value, Fault> {
        for shown in self.references() {
            expression(model, shown).map_err(|fault| format!("{}: {fault}", self.name))?;
        }
        let (x, y, width, height) = self.at;
        let order = (place + 1) * 1000;
        let mut visual = json!({
            "visualType": self.kind,
            "visualContainerObjects": self.container(model)?,
            "drillFilterOtherVisuals": true
        });
        if !self.roles.is_empty() {
            visual["query"] = json!({"queryState": self.query_state(model)?});
        }
        if !self.looks.is_empty() {
            visual["objects"] = self.objects(model)?;
        }
        let mut file = json!({
            "$schema": format!("{SCHEMAS}/definition/visualContainer/2.0.0/schema.json"),
            "name": self.name,
            "position": {"x": x, "y": y, "z": order, "width": width, "height": height, "tabOrder": order},
            "visual": visual
        });
        if let Some((column, value)) = self.only {
            file["filterConfig"] = self.filter(model, column, value)?;
        }
        Ok(file)
    }

    fn query_state(&self, model: &Model) -> Result<Value, Fault> {
        let mut state = Map::new();
        for (role, shown) in &self.roles {
            let projections: Result<Vec<Value>, Fault> =
                shown.iter().map(|one| projection(model, *one)).collect();
            state.insert((*role).to_owned(), json!({"projections": projections?}));
        }
        Ok(Value::Object(state))
    }

    fn objects(&self, model: &Model) -> Result<Value, Fault> {
        let mut objects: Map<String, Value> = Map::new();
        for (object, properties, selector) in &self.looks {
            let mut entry = json!({"properties": resolved(model, properties)?});
            if let Some(selector) = selector {
                entry["selector"] = selector.clone();
            }
            let entries = objects
                .entry((*object).to_owned())
                .or_insert_with(|| json!([]));
            if let Some(entries) = entries.as_array_mut() {
                entries.push(entry);
            }
        }
        Ok(Value::Object(objects))
    }

    fn container(&self, model: &Model) -> Result<Value, Fault> {
        let title = match &self.title {
            Title::None => json!({"show": truth(false)}),
            Title::Text(text) => json!({"show": truth(true), "text": words(text)}),
            Title::Measure(name) => {
                json!({"show": truth(true), "text": {"expr": expression(model, Shown::Measure(name))?}})
            }
        };
        Ok(json!({
            "title": [{"properties": title}],
            "general": [{"properties": {"altText": words(&self.alt)}}]
        }))
    }

    fn filter(&self, model: &Model, column: Shown, value: u32) -> Result<Value, Fault> {
        let Shown::Column(table, name) = column else {
            return Err(format!("{}: only a column can be filtered by", self.name).into());
        };
        let of_alias =
            json!({"Column": {"Expression": {"SourceRef": {"Source": "s"}}, "Property": name}});
        let values = [[json!({"Literal": {"Value": format!("{value}L")}})]];
        Ok(json!({"filters": [{
            "name": format!("{}Filter", self.name),
            "field": expression(model, column)?,
            "type": "Categorical",
            "isHiddenInViewMode": true,
            "filter": {
                "Version": 2,
                "From": [{"Name": "s", "Entity": table, "Type": 0}],
                "Where": [{"Condition": {"In": {"Expressions": [of_alias], "Values": values}}}]
            }
        }]}))
    }
}

fn projection(model: &Model, shown: Shown) -> Result<Value, Fault> {
    let (table, name) = match shown {
        Shown::Column(table, name) => (table.to_owned(), name),
        Shown::Measure(name) => (model.measure(name)?.table.clone(), name),
    };
    Ok(json!({
        "field": expression(model, shown)?,
        "queryRef": format!("{table}.{name}"),
        "nativeQueryRef": name
    }))
}

/// The column or measure as the report's language names it. Fails where the model has none.
fn expression(model: &Model, shown: Shown) -> Result<Value, Fault> {
    let (kind, table, name) = match shown {
        Shown::Column(table, name) => {
            let columns = &model.table(table)?.columns;
            if columns.iter().all(|column| column.name != name) {
                return Err(format!("the model has no column `{table}[{name}]`").into());
            }
            ("Column", table.to_owned(), name)
        }
        Shown::Measure(name) => ("Measure", model.measure(name)?.table.clone(), name),
    };
    Ok(json!({kind: {"Expression": {"SourceRef": {"Entity": table}}, "Property": name}}))
}

/// Where a property follows a measure, the measure's expression in its place.
fn resolved(model: &Model, properties: &Value) -> Result<Value, Fault> {
    if let Some(name) = properties.get(BY_MEASURE).and_then(Value::as_str) {
        let found = model.measures.iter().find(|measure| measure.name == name);
        let found = found.ok_or_else(|| format!("the model has no measure `{name}`"))?;
        return Ok(json!({"Measure": {
            "Expression": {"SourceRef": {"Entity": found.table}},
            "Property": found.name
        }}));
    }
    Ok(match properties {
        Value::Object(members) => {
            let pairs = members
                .iter()
                .map(|(key, member)| Ok((key.clone(), resolved(model, member)?)));
            Value::Object(pairs.collect::<Result<_, Fault>>()?)
        }
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| resolved(model, item))
                .collect::<Result<_, Fault>>()?,
        ),
        plain => plain.clone(),
    })
}

const BY_MEASURE: &str = "byMeasure";

/// A colour that a measure gives.
pub(crate) fn colour_by(measure: &str) -> Value {
    json!({"solid": {"color": {"expr": {BY_MEASURE: measure}}}})
}

/// A colour, as `#RRGGBB`.
pub(crate) fn colour(hex: &str) -> Value {
    json!({"solid": {"color": words(hex)}})
}

/// A text as a property's value.
pub(crate) fn words(text: &str) -> Value {
    json!({"expr": {"Literal": {"Value": format!("'{}'", text.replace('\'', "''"))}}})
}

/// Yes or no as a property's value.
pub(crate) fn truth(is: bool) -> Value {
    json!({"expr": {"Literal": {"Value": is.to_string()}}})
}

/// A number as a property's value.
pub(crate) fn number(value: u32) -> Value {
    json!({"expr": {"Literal": {"Value": format!("{value}D")}}})
}
