"""S34: what must be written and handed in, and whether it is true."""

from __future__ import annotations

from tests.spec.harness import Spec
from tests.spec.ledgers import sampled
from tests.spec.sorts import owed

SPECS = [
    Spec(
        "doc_annual_summary",
        "a summary written in January is about the year before, as its month says",
        """
        unit
        code | kind    | parent
        B    | bureau  | -
        C1   | centre  | B
        S1   | station | C1

        document
        unit | kind           | day        | month
        C1   | annual_summary | 2025-01-20 | 2024-12
        C1   | annual_plan    | 2025-12-20 | 2025-12
        S1   | annual_summary | 2025-12-31 | 2025-12
        S1   | half_summary   | 2024-12-31 | 2024-12
        """,
        {
            ("C1", "2024-12"): (1, 2),  # with its station
            ("S1", "2024-12"): (0, 1),
            ("C1", "2025-12"): (0 + 1, 1 + 1),
            ("C1", "2025-11"): (0, 0),
            ("B", "2025-12", "ytd"): (1, 2),
        },
    ),
    owed("doc_annual_plan", "document", "annual_plan", "year"),
    owed("doc_half_summary", "document", "half_summary", "half"),
    Spec(
        "doc_problem_section",
        "problems named in summaries, in the month that they are about",
        """
        document
        unit | kind           | day        | month   | items
        S1   | annual_summary | 2025-01-20 | 2024-12 | 5
        S1   | half_summary   | 2025-07-05 | 2025-06 | 3
        S1   | half_summary   | 2025-07-06 | 2025-06 | -
        S1   | annual_plan    | 2025-07-06 | 2025-06 | 9
        S3   | half_summary   | 2025-06-30 | 2025-06 | 1
        """,
        {
            ("S1", "2024-12"): 5,
            ("S1", "2025-06"): 3,
            ("S3", "2025-06"): 1,
            ("B", "2025-06", "ytd"): 3 + 1,
        },
    ),
    Spec(
        "doc_report_forms",
        "reports on any topic by the month in which they are due; late, missing or incomplete ones fail",
        """
        document
        unit | kind        | topic | due_on     | day        | good | month
        S1   | report      | tb    | 2025-04-05 | 2025-04-05 | yes  | 2025-03
        S1   | report      | -     | 2025-04-05 | 2025-04-01 | -    | 2025-03
        S1   | report      | tb    | 2025-04-05 | 2025-04-01 | no   | 2025-03
        S1   | report      | tb    | 2025-04-05 | 2025-04-06 | yes  | 2025-03
        S1   | report      | tb    | 2025-04-30 | -          | -    | 2025-04
        S1   | report      | tb    | -          | 2025-04-30 | yes  | 2025-04
        S1   | annual_plan | tb    | 2025-04-05 | 2025-04-01 | yes  | 2025-03
        S3   | report      | tb    | 2025-05-05 | 2025-04-29 | yes  | 2025-04
        """,
        {
            ("S1", "2025-04"): (1 + 1, 5),
            ("S3", "2025-05"): (1, 1),
            ("B", "2025-05", "ytd"): (2 + 1, 5 + 1),
        },
    ),
    sampled("doc_data_authentic", "data_authentic"),
]
