"""The benchmark's jobs in DuckDB's SQL; usage as in job.py."""
from job import asked, codec, measured, parquet, spine, views, warehouse
import pathlib
import duckdb

WINDOWS = {"1d": 86_400, "7d": 604_800, "30d": 2_592_000}
FUNCTIONS = {"count": "count(x)", "sum": "sum(x)", "mean": "avg(x)", "min": "min(x)", "max": "max(x)"}


def source(table):
    return f"w.{table}" if asked.sqlite else f"read_parquet('{parquet(table)}')"


def lookups():
    columns = [f"{view}.{column} as {view}__{column}" for view, names in views.items() for column in names]
    joins = [f"asof left join {source(view)} {view} on s.carrier_id = {view}.carrier_id and s.event_time >= {view}.event_time"
             for view in views]
    return f"select s.*, {', '.join(columns)} from {source('spine')} s {' '.join(joins)}"


def bitemporal():
    """The newest event that was known: an as-of join on event time alone would take events that were not known yet.

    In order of becoming known, a running maximum says which event was then the newest known; an as-of join finds that moment.
    """
    columns = [f"a.{column} as accounting_known__{column}" for column in views["accounting"]]
    return f"""
        with newest as (
            select carrier_id, available_at, max(event_time) over (partition by carrier_id order by available_at) as newest_event
            from {source('accounting')})
        select s.*, {', '.join(columns)} from {source('spine')} s
        asof left join newest on s.carrier_id = newest.carrier_id and s.event_time >= newest.available_at
        left join {source('accounting')} a on a.carrier_id = newest.carrier_id and a.event_time = newest.newest_event"""


def windows():
    """Events and spine rows in one ordered frame; a window (t - w, t] of whole seconds is w - 1 preceding seconds and t's own."""
    columns = [f"{call} over w{window} as trailing__n0_{name}_{window}" for name, call in FUNCTIONS.items() for window in WINDOWS]
    frames = [f"w{name} as (partition by carrier_id order by t range between {seconds - 1} preceding and current row)"
              for name, seconds in WINDOWS.items()]
    return f"""
        select * exclude (t, x), t as event_time from (
            select *, {', '.join(columns)} from (
                select null::bigint as shipment_id, carrier_id, event_time as t, null::bigint as label, n0 as x from {source('accounting')}
                union all select shipment_id, carrier_id, event_time, label, null from {source('spine')})
            window {', '.join(frames)})
        where shipment_id is not null"""


def run():
    database = duckdb.connect()
    if asked.threads:
        database.execute(f"set threads = {asked.threads}")
    if asked.sqlite:
        import duckdb_extension_sqlite_scanner as package
        extension = next(pathlib.Path(package.__path__[0]).rglob("*.duckdb_extension"))
        database.execute(f"load '{extension}'")
        database.execute(f"attach '{warehouse}' as w (type sqlite, read_only)")
    if asked.job == "copy":
        asked.output.mkdir(exist_ok=True)
        for view in views:
            database.execute(f"copy (select * from {source(view)}) to '{asked.output / view}.parquet' (format parquet)")
        return
    query = {"lookups": lookups, "bitemporal": bitemporal, "windows": windows}[asked.job]()
    if asked.sorted:
        query += " order by shipment_id"
    compression = f", compression {codec}" if codec else ""
    database.execute(f"copy ({query}) to '{asked.output}' (format csv, header{compression})")


measured(run, f"DuckDB {duckdb.__version__}")
