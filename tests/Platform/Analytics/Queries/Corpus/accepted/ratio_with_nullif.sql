-- dataset: shop
SELECT action, round(100.0 * sum(amount) / nullif(count(*), 0), 1) AS p FROM shop GROUP BY action ORDER BY p
