-- dataset: shop
-- code: grouping_sets
SELECT count(*) FROM (SELECT "user", city, count(*) AS n FROM shop GROUP BY ROLLUP ("user", city))
