-- dataset: shop
SELECT sum(CASE action WHEN 'buy' THEN qty WHEN 'return' THEN -qty END) FROM shop
