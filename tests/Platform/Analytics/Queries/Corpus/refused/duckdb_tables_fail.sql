-- dataset: shop
-- code: not_a_table
SELECT count(*) FROM duckdb_tables()
