-- dataset: shop
SELECT avg(mean) FROM (SELECT "user", least(sum(qty), 1000) / count(qty) AS mean FROM shop GROUP BY "user") WHERE mean IS NOT NULL
