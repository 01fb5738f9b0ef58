-- dataset: shop
-- code: time_condition
SELECT count(*) FROM (SELECT "user", min(time) AS first FROM shop GROUP BY "user") WHERE first >= DATE '2024-02-01'
