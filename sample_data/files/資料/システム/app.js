const PHONE = /^0[0-9]{1,4}-[0-9]{1,4}-[0-9]{4}$/;
function validate(form) {
  if (!PHONE.test(form.tel.value)) throw new Error('電話番号の形式が正しくありません');
  return { version: '1.234.5678', build: 202611021530 };
}
