"""What is shown of a model's output, worked out from what was done to it: slow and obvious, moment by moment."""
import dataclasses
import datetime as dt

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


def since_epoch(time):
    """Microseconds."""
    return (time - EPOCH) // dt.timedelta(microseconds=1)


@dataclasses.dataclass
class Row:
    entity: object
    version: str
    batch: str
    values: tuple
    known: dt.datetime
    ended: dt.datetime | None = None


class Events:
    """Registrations, promotions and withdrawals, each at its moment; some are said later than they count from."""

    def __init__(self):
        self.rows, self.promotions = [], []

    def register(self, at, version, batch, predictions):
        """Of a batch that is there already the rows are replaced."""
        self.withdraw(at, version, batch)
        self.rows += [Row(entity, version, batch, values, at) for entity, values in predictions.items()]

    def withdraw(self, at, version, batch=None):
        for row in self.rows:
            if row.version == version and batch in (None, row.batch) and row.ended is None:
                row.ended = at

    def promote(self, at, *versions):
        self.promotions.append((at, versions))
        self.promotions.sort(key=lambda promotion: promotion[0])

    def shown(self, entity, time, rows=None):
        """Of the live versions, in their order, the newest row of the first that has one; if none has, what was shown before goes on.

        A row that became known while its version was not live waits until that is promoted again.
        """
        best = None
        for row in self.rows if rows is None else rows:
            if row.entity != entity or row.known > time or row.ended is not None and row.ended <= time:
                continue
            live = [number for number, (start, end, versions) in enumerate(self.lives()) if row.version in versions and start <= time and row.known < end]
            if not live:
                continue
            since = max(number for number, (start, _, versions) in enumerate(self.lives()) if row.version in versions and start <= time)
            place = self.promotions[since][1].index(row.version)
            rank = (since, -place, row.known, next(i for i, one in enumerate(self.rows) if one is row))
            if best is None or rank > best[0]:
                best = (rank, row)
        return best and best[1]

    def lives(self):
        ends = [at for at, _ in self.promotions[1:]] + [dt.datetime.max.replace(tzinfo=dt.timezone.utc)]
        return [(at, end, versions) for (at, versions), end in zip(self.promotions, ends)]

    def history(self):
        """Stretches (entity, row, from, until) in which one row is shown."""
        moments = sorted({row.known for row in self.rows} | {row.ended for row in self.rows if row.ended} | {at for at, _ in self.promotions})
        for entity in sorted({row.entity for row in self.rows}):
            rows = [row for row in self.rows if row.entity == entity]
            shown, since = None, None
            for moment in moments:
                row = self.shown(entity, moment, rows)
                if row is not shown:
                    if shown:
                        yield entity, shown, since, moment
                    shown, since = row, moment
            if shown:
                yield entity, shown, since, None
