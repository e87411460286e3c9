import Exports
import Testing

@Suite struct `A data card` {
  @Test func `tells people what the archive holds and rests on`() {
    #expect(Sample.facts().dataCard == golden)
  }

  @Test func `says so when there is nothing to report`() {
    let facts = ArchiveFacts(
      name: "empty", description: nil, owner: nil, parts: [], columns: [], views: [], making: [], foundations: [])
    #expect(facts.dataCard.contains("\n## What it rests on\n\nNothing to report.\n"))
  }

  private let golden = #"""
    # failures

    Will it break?

    Owner: workshop

    - rows of module "shifts"
    - every feature as it was known at its row's decision time

    ## Rows

    | file | rows | bytes |
    | --- | --- | --- |
    | `train.csv` | 4,000 | 20,480 |
    | `test.csv` | 1,000 | 20,480 |

    ## What it rests on

    - data known up to 2024-05-01T16:00:00Z
    - label failed: 2 rows not known yet, null

    ## Columns

    | column | role | type | nulls | description |
    | --- | --- | --- | --- | --- |
    | `machine` | key | string | 0 % | A machine \| of the workshop. |
    | `begins` | time | timestamp | 0 % |  |
    | `shift id, "old"` | keep | int64 | < 0.1 % |  |
    | `split` | input | boolean | > 99.9 % |  |
    | `heat__heat` | feature | float64 | 25.0 % | Wärme in °C \ \#u{1} |
    | `heat__heat__status` | status | string | 0 % |  |
    | `heat__day` | feature | date | 100 % |  |
    | `failed` | label | int64 | < 0.1 % |  |

    ## Where the features come from

    | columns | feature view | entity | module | rows | description |
    | --- | --- | --- | --- | --- | --- |
    | `heat__…` | `heat` | `machine` | `readings` | 1,234,567 | Readings. |

    ## Reading it

    CSV in UTF-8 with a header; an empty cell is null, `""` the empty text; times are UTC. `datapackage.json` holds every column's type and
    role, `croissant.json` the same for loaders of that format, `manifest.json` digests and counts; `sha256sum -c SHA256SUMS` checks the files.

    ```python
    from load import load          # in this folder; Python with pandas
    X, y, keep = load("train")   # inputs and features, label, everything else
    ```

    """#
}
