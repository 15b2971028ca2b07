"""Where requirements come from, as pages and exports name it: files of the catalogue, the national standard."""

from __future__ import annotations

F000 = "000_f9eae4dcaaefe31d.txt"
F001 = "001_f2b1033800b157c1.txt"
F002 = "002_0d124a093410b4d9.txt"
F003 = "003_bec17c85df752c38.txt"
F004 = "004_15fc63bc3e97ad6e.txt"
SPEC = "国家基本公共卫生服务规范（第三版）"
DATA_QUALITY = "GB/T 36344-2018"
