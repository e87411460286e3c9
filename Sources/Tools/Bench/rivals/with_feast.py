"""The benchmark's look-ups in Feast, from its store of Parquet files; usage as in job.py."""
from job import asked, measured, parquet, spine, views
import datetime
import os
import tempfile
os.environ["FEAST_USAGE"] = "False"
import feast
import pandas as pd
from feast.types import Float64, String

scratch = tempfile.TemporaryDirectory()


def with_times(table):
    rows = pd.read_parquet(parquet(table))
    rows["event_timestamp"] = pd.to_datetime(rows["event_time"], unit="s", utc=True)
    return rows


def registered():
    """A registry of these views, over copies whose event times are timestamps. Not timed: a team does this once."""
    store = feast.FeatureStore(config=feast.RepoConfig(
        project="bench", provider="local", registry=f"{scratch.name}/registry.db", offline_store={"type": "file"},
        online_store={"type": "sqlite", "path": f"{scratch.name}/online.db"}, entity_key_serialization_version=3))
    carrier = feast.Entity(name="carrier", join_keys=["carrier_id"], value_type=feast.ValueType.INT64)
    definitions = [carrier]
    for view, columns in views.items():
        path = f"{scratch.name}/{view}.parquet"
        with_times(view).drop(columns=["event_time", "available_at"]).to_parquet(path)
        definitions.append(feast.FeatureView(
            name=view, entities=[carrier], ttl=datetime.timedelta(0), online=False,
            schema=[feast.Field(name=column, dtype=String if column.startswith("c") else Float64) for column in columns],
            source=feast.FileSource(name=f"{view}_rows", path=path, timestamp_field="event_timestamp")))
    store.apply(definitions)
    return store


store = registered()


def run():
    features = [f"{view}:{column}" for view, columns in views.items() for column in columns]
    rows = store.get_historical_features(with_times("spine"), features, full_feature_names=True).to_df()
    rows.drop(columns="event_timestamp").to_csv(asked.output, index=False)


measured(run, f"Feast {feast.__version__}")
