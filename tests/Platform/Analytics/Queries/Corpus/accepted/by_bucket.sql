-- dataset: shop
SELECT floor(qty / 10) * 10 AS tens, count(*) FROM shop GROUP BY tens
