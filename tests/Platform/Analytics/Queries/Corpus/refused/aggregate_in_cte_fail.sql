-- dataset: shop
-- code: subquery_aggregate
WITH p AS (SELECT sum(qty) AS s FROM shop) SELECT sum(s) FROM p
