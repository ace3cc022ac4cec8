CREATE TABLE customers (
  id BIGINT PRIMARY KEY,
  name VARCHAR(100) NOT NULL, -- 氏名
  tel VARCHAR(20), -- 電話番号
  address TEXT, -- 住所
  my_number CHAR(12) -- 個人番号
);
