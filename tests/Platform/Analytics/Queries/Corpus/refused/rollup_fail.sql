-- dataset: shop
-- code: grouping_sets
SELECT action, count(*) FROM shop GROUP BY ROLLUP (action)
