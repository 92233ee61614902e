//! What a run publishes, and a lake that fails at a write.

use super::*;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn noon() -> DateTime<Utc> {
    "2024-09-23T12:00:00Z".parse().unwrap()
}

pub(super) fn dataset() -> Dataset {
    Dataset {
        dates: vec![day("2024-09-20"), day("2024-09-23")],
        features: vec![Feature {
            name: "silver".to_owned(),
            label: "Silver".to_owned(),
            group: "metals".to_owned(),
            role: Role::Trees,
            driver: "silver".to_owned(),
        }],
        is_final: vec![true, true],
        columns: vec![vec![0.5, f64::NAN]],
        target: vec![0.1, 0.2],
        price: vec![240.0, 242.0],
        previous_price: vec![239.0, 240.0],
        ema: vec![238.0, 238.5],
    }
}

fn trained() -> Trained {
    let row = |date: &str, price: f64, split| Valuation {
        date: day(date),
        price,
        valuation: 240.0,
        interval_80: (split == Split::Test).then_some(Interval {
            lower: 239.0,
            upper: 241.0,
        }),
        interval_95: None,
        method: Method::Model,
        split,
        information: Information::Final,
    };
    let contribution = |date: &str, feature: &str, contribution: f64| Contribution {
        date: day(date),
        feature: feature.to_owned(),
        contribution,
    };
    Trained {
        model: b"{\"a\": 1}".to_vec(),
        scaler: None,
        parameters: BTreeMap::from([("max_depth".to_owned(), 3.0)]),
        searches: Vec::new(),
        folds: Vec::new(),
        valuations: vec![
            row("2024-09-20", 240.0, Split::Train),
            row("2024-09-23", 242.0, Split::Test),
        ],
        contributions: vec![
            contribution("2024-09-20", "silver", 0.3),
            contribution("2024-09-20", BASE, 0.1),
            contribution("2024-09-23", "silver", -0.4),
            contribution("2024-09-23", BASE, 0.1),
        ],
        scores: vec![Score {
            rule: "valuation".to_owned(),
            label: "Valuation".to_owned(),
            rmse: 1.5,
            mae: 1.2,
            rmse_pct: 0.6,
            rows: 1,
        }],
        skill: skill(),
        coverage: Vec::new(),
        data: DataRange {
            first: day("2024-09-20"),
            test_first: day("2024-09-23"),
            last: day("2024-09-23"),
            train_rows: 1,
            test_rows: 1,
        },
        versions: BTreeMap::new(),
        walk: Some(walk_card()),
        walk_rows: vec![
            walk_row(Information::Provisional),
            walk_row(Information::Final),
        ],
        gap: Some(reading()),
        scale: None,
    }
}

fn skill() -> Skill {
    Skill {
        skill: 0.5,
        dm_t: 5.0,
        dm_p: 0.001,
        verdict: Verdict::Skill,
    }
}

fn reading() -> GapReading {
    GapReading {
        value: 238.0,
        gap_pct: 1.67,
        band: Some(GapBand::Usual),
        limits: None,
        residual_pct: 0.83,
        residual_20_pct: None,
    }
}

fn walk_row(information: Information) -> WalkRow {
    WalkRow {
        date: day("2024-09-23"),
        information,
        price: 242.0,
        valuation: 240.0,
        interval_80: Some(Interval {
            lower: 239.0,
            upper: 241.0,
        }),
        interval_95: None,
        linear_pct: 0.2,
        trees_pct: -0.2,
        combined_pct: 0.0,
        takes_over: false,
        is_open: true,
        above_maximum: false,
        gap: Some(reading()),
    }
}

fn walk_card() -> WalkCard {
    WalkCard {
        information: Information::Final,
        linear: LinearModel {
            features: vec!["silver_scaled".to_owned()],
            volatility: "gold_volatility_lag1".to_owned(),
            means: vec![0.0],
            inverse_deviations: vec![1.0],
            clip: 8.0,
            coefficients: vec![0.25],
            intercept: 0.0,
            penalty: 10.0,
            limit: 0.05,
        },
        fitted_before: day("2024-09-03"),
        fits: 1,
        choice: None,
        shipped: 1.0,
        takeovers: Vec::new(),
        evaluations: Vec::new(),
        provisional: None,
        comparisons: Vec::new(),
        intervals: Vec::new(),
    }
}

fn observations() -> BTreeMap<SeriesId, Vec<Observation>> {
    let one = Observation {
        date: day("2024-09-23"),
        value: 242.0,
        available_at: noon(),
        vintage: day("2024-09-23"),
        source: "ab".repeat(32).into(),
    };
    BTreeMap::from([("gold_close".parse().unwrap(), vec![one])])
}

/// What a run publishes.
pub(crate) struct Parts {
    pub(super) preset: Preset,
    pub(super) dataset: Dataset,
    pub(crate) trained: Trained,
    pub(super) observations: BTreeMap<SeriesId, Vec<Observation>>,
}

impl Parts {
    pub(crate) fn new() -> Self {
        Self {
            preset: preset::load("fair").unwrap(),
            dataset: dataset(),
            trained: trained(),
            observations: observations(),
        }
    }

    pub(super) fn publication<'a>(&'a self, run_id: &'a str) -> Publication<'a> {
        Publication {
            run_id,
            input_sha256: "00",
            as_of: day("2024-09-23"),
            preset: &self.preset,
            grid: "deployed",
            dataset: &self.dataset,
            audit: None,
            trained: &self.trained,
            observations: &self.observations,
            series: &[],
            synthetic: true,
        }
    }

    /// Publishes and points, as a run does.
    pub(crate) async fn run(&self, run_id: &str, lake: &dyn Lake) -> Result<(), PublishError> {
        publish(&self.publication(run_id), lake).await?;
        let run_id = run_id.to_owned();
        let bytes = lake.get(&Key::Manifest { run_id }).await?.unwrap();
        let manifest: Manifest = serde_json::from_slice(&bytes).unwrap();
        point_to(&manifest, noon(), lake).await.map(|_| ())
    }
}

/// A lake whose write number `fails` fails, as a process that is killed there.
pub(crate) struct Failing {
    lake: Arc<LocalLake>,
    fails: usize,
    writes: AtomicUsize,
}

impl Failing {
    pub(crate) fn new(lake: &Arc<LocalLake>, fails: usize) -> Self {
        let (lake, writes) = (lake.clone(), AtomicUsize::new(0));
        Self {
            lake,
            fails,
            writes,
        }
    }

    fn write(&self, key: &Key) -> Result<(), LakeError> {
        if self.writes.fetch_add(1, Ordering::Relaxed) == self.fails {
            return Err(LakeError::Full(key.to_string()));
        }
        Ok(())
    }
}

#[async_trait]
impl Lake for Failing {
    async fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, LakeError> {
        self.lake.get(key).await
    }

    async fn get_tagged(&self, key: &Key) -> Result<Option<(Vec<u8>, Tag)>, LakeError> {
        self.lake.get_tagged(key).await
    }

    async fn put_new(&self, key: &Key, bytes: &[u8]) -> Result<Put, LakeError> {
        self.write(key)?;
        self.lake.put_new(key, bytes).await
    }

    async fn swap(&self, key: &Key, bytes: &[u8], tag: Option<&Tag>) -> Result<Tag, LakeError> {
        self.write(key)?;
        self.lake.swap(key, bytes, tag).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, LakeError> {
        self.lake.list(prefix).await
    }
}
