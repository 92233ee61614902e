//! XGBoost's JSON model, evaluated and explained without XGBoost.
